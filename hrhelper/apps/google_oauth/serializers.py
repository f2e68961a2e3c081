from rest_framework import serializers

MOST_GUESTS = 20
LONGEST_MINUTES = 480


class GrantSerializer(serializers.Serializer):
    """`is_over`: it was agreed to once, and Google does not honour it any more."""

    is_connected = serializers.BooleanField()
    is_over = serializers.BooleanField()
    connected_at = serializers.DateTimeField(allow_null=True)


class ConsentSerializer(serializers.Serializer):
    authorization_url = serializers.URLField()


class CalendarInterviewSerializer(serializers.Serializer):
    """`key` names the interview: sent again with the same key it is still one event."""

    key = serializers.RegexField(r"\A[\w.-]{1,100}\Z")
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=5000, required=False, default="", allow_blank=True)
    start = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=5, max_value=LONGEST_MINUTES, default=45)
    guests = serializers.ListField(
        child=serializers.EmailField(), max_length=MOST_GUESTS, required=False, default=list
    )


class CalendarEventSerializer(serializers.Serializer):
    id = serializers.CharField()
    link = serializers.CharField()


class DriveFileSerializer(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    mime_type = serializers.CharField()
    modified_at = serializers.CharField()
    size = serializers.IntegerField(allow_null=True)
    link = serializers.CharField()


class FolderPageSerializer(serializers.Serializer):
    files = DriveFileSerializer(many=True)
    next_page = serializers.CharField(allow_null=True)


class PageAskedSerializer(serializers.Serializer):
    page = serializers.CharField(max_length=2048, required=False)
