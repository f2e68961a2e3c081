from rest_framework import serializers

from apps.huntflow.models import Applicant, Link
from apps.huntflow.serializers.mirror import OfAccountSerializer

LARGEST_ID = 2**63 - 1
MOST_TAGS = 100
# Huntflow's own limit.
LONGEST_COMMENT = 65_535


class HuntflowId(serializers.IntegerField):
    def __init__(self, **options: object) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class HuntflowLinkSerializer(serializers.ModelSerializer):
    """On which vacancy, at which status; both by Huntflow's ids."""

    class Meta:
        model = Link
        fields = ("vacancy", "status", "changed")


class HuntflowApplicantSerializer(OfAccountSerializer):
    tags = serializers.ListField(child=serializers.IntegerField())
    links = HuntflowLinkSerializer(many=True)

    class Meta:
        model = Applicant
        fields = (
            "id",
            "account",
            "external_id",
            "first_name",
            "middle_name",
            "last_name",
            "phone",
            "email",
            "position",
            "company",
            "money",
            "tags",
            "links",
            "created",
            "updated_at",
        )


class HuntflowStatusChangeSerializer(serializers.Serializer):
    """All ids are Huntflow's."""

    vacancy = HuntflowId()
    status = HuntflowId()
    comment = serializers.CharField(max_length=LONGEST_COMMENT, default="", allow_blank=True)
    rejection_reason = HuntflowId(required=False, allow_null=True, default=None)


class HuntflowTagsSerializer(serializers.Serializer):
    tags = serializers.ListField(child=HuntflowId(), max_length=MOST_TAGS)


class HuntflowSearchSerializer(serializers.Serializer):
    account = HuntflowId()
    q = serializers.CharField(max_length=200, default="", allow_blank=True)
    cursor = serializers.CharField(max_length=2000, required=False)


class HuntflowFoundApplicantSerializer(serializers.Serializer):
    """An applicant as Huntflow's search shows it; `external_id` finds it in the mirror."""

    external_id = serializers.IntegerField(source="id")
    first_name = serializers.CharField(allow_null=True, default=None)
    last_name = serializers.CharField(allow_null=True, default=None)
    position = serializers.CharField(allow_null=True, default=None)
    company = serializers.CharField(allow_null=True, default=None)


class HuntflowFoundSerializer(serializers.Serializer):
    items = HuntflowFoundApplicantSerializer(many=True)
    cursor = serializers.CharField(allow_null=True)
