from rest_framework import serializers

from apps.core.related import some_ids
from apps.finance.models import Grade
from apps.interviewers.models import Interviewer
from apps.vacancies.models import Vacancy

LONGEST_TEXT = 20_000


class VacancySerializer(serializers.ModelSerializer):
    """Grades and interviewers are named by their ids."""

    grades = some_ids(Grade.objects.all(), required=False)
    interviewers = some_ids(Interviewer.objects.all(), required=False)

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
            "screening_questions",
            "screening_minutes",
            "screening_stage_id",
            "interview_stage_id",
            "grades",
            "interviewers",
            "is_active",
            "created_at",
            "updated_at",
        )
        extra_kwargs = {
            name: {"max_length": LONGEST_TEXT} for name in ("invite_text", "screening_questions")
        }


class AssignedGradesSerializer(serializers.Serializer):
    grades = some_ids(Grade.objects.all())


class VacancyStatsSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    active = serializers.IntegerField()
