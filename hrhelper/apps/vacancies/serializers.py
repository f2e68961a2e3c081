from rest_framework import serializers

from apps.finance.models import Grade
from apps.vacancies.models import Vacancy


class VacancySerializer(serializers.ModelSerializer):
    """Grades are named by their ids."""

    grades = serializers.PrimaryKeyRelatedField(
        many=True, queryset=Grade.objects.all(), required=False
    )

    class Meta:
        model = Vacancy
        fields = (
            "id",
            "external_id",
            "name",
            "recruiter",
            "invite_title",
            "invite_text",
            "scorecard_link",
            "screening_minutes",
            "grades",
            "is_active",
            "created_at",
            "updated_at",
        )


class AssignedGradesSerializer(serializers.Serializer):
    grades = serializers.PrimaryKeyRelatedField(many=True, queryset=Grade.objects.all())


class VacancyStatsSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    active = serializers.IntegerField()
