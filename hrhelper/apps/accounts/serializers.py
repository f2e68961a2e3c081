from rest_framework import serializers

from apps.accounts.roles import Role


class MeSerializer(serializers.Serializer):
    username = serializers.CharField()
    full_name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices, allow_null=True)
