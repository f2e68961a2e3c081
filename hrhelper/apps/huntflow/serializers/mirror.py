from rest_framework import serializers

from apps.huntflow.models import Account, Status, Vacancy


class HuntflowAccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        fields = ("id", "external_id", "name", "nick", "member_type", "updated_at")


class OfAccountSerializer(serializers.ModelSerializer):
    """`account` is Huntflow's id of the account."""

    account = serializers.IntegerField(source="account.external_id")


class HuntflowVacancySerializer(OfAccountSerializer):
    class Meta:
        model = Vacancy
        fields = (
            "id",
            "account",
            "external_id",
            "position",
            "company",
            "money",
            "state",
            "hidden",
            "priority",
            "created",
            "updated_at",
        )


class HuntflowStatusSerializer(OfAccountSerializer):
    class Meta:
        model = Status
        fields = ("id", "account", "external_id", "type", "name", "order", "updated_at")


class HuntflowTagSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    color = serializers.CharField(allow_null=True)
