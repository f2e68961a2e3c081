from rest_framework import serializers

from apps.huntflow.models import SyncJob


class HuntflowSyncSerializer(serializers.ModelSerializer):
    """Progress: `page` of `total_pages` of a `stage`; counts are of rows."""

    requested_by = serializers.CharField(source="requested_by.username", default=None)

    class Meta:
        model = SyncJob
        fields = (
            "id",
            "state",
            "requested_by",
            "created_at",
            "started_at",
            "finished_at",
            "stage",
            "account",
            "page",
            "total_pages",
            "seen",
            "changed",
            "removed",
            "failures",
            "try_again_at",
            "error_code",
            "error_message",
        )
        read_only_fields = fields


class HuntflowConnectionSerializer(serializers.Serializer):
    """Two tokens from Huntflow's settings; the secret is the one of its webhook."""

    access_token = serializers.CharField(max_length=1000, write_only=True)
    refresh_token = serializers.CharField(max_length=1000, write_only=True)
    webhook_secret = serializers.CharField(max_length=64, write_only=True, required=False)


class HuntflowConnectionStateSerializer(serializers.Serializer):
    """`expires_at`: unless it is used before, it has to be connected anew then."""

    is_connected = serializers.BooleanField()
    has_webhook_secret = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)


class HuntflowReachedSerializer(serializers.Serializer):
    user = serializers.CharField()
    accounts = serializers.IntegerField()
