from rest_framework import serializers

from apps.gemini.models import Analysis, ChatMessage, ChatSession
from apps.vacancies.models import Vacancy

LONGEST_QUESTION = 20_000
LONGEST_CANDIDATE = 100_000
LONGEST_WISHES = 2000


class ChatSessionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ChatSession
        fields = ("id", "title", "created_at")


class ChatMessageSerializer(serializers.ModelSerializer):
    class Meta:
        model = ChatMessage
        fields = ("number", "role", "text", "tokens_used", "response_ms", "created_at")
        read_only_fields = ("number", "role", "tokens_used", "response_ms")
        extra_kwargs = {"text": {"max_length": LONGEST_QUESTION}}


class AnalysisSerializer(serializers.ModelSerializer):
    strengths = serializers.ListField(child=serializers.CharField())
    gaps = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Analysis
        fields = (
            "id",
            "vacancy",
            "candidate",
            "score",
            "recommendation",
            "summary",
            "strengths",
            "gaps",
            "model",
            "tokens_used",
            "response_ms",
            "created_at",
        )


class AnalyzeSerializer(serializers.Serializer):
    """`candidate` is an id or a name to find the analysis by; the text is not kept."""

    vacancy = serializers.PrimaryKeyRelatedField(queryset=Vacancy.objects.all())
    text = serializers.CharField(max_length=LONGEST_CANDIDATE)
    candidate = serializers.CharField(max_length=120, required=False, default="")
    wishes = serializers.CharField(max_length=LONGEST_WISHES, required=False, default="")


class KeySerializer(serializers.Serializer):
    """What it was can be overwritten, and not read."""

    key = serializers.RegexField(r"\A[\x21-\x7e]{8,200}\Z", write_only=True)


class KeyStateSerializer(serializers.Serializer):
    is_stored = serializers.BooleanField()
    updated_at = serializers.DateTimeField(allow_null=True)


class GeminiReachedSerializer(serializers.Serializer):
    model = serializers.CharField()
