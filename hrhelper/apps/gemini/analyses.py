"""A candidate's text against a vacancy."""

from django.conf import settings
from django.contrib.auth.models import User

from apps.gemini import connection
from apps.gemini.models import Analysis
from apps.vacancies.models import Vacancy


def analyze(vacancy: Vacancy, text: str, candidate: str, user: User, wishes: str = "") -> Analysis:
    """Ask Gemini and keep what it says. Raises GeminiError, MissingCredentialError."""
    verdict, answer = connection.judge(described(vacancy), text, wishes)
    return Analysis.objects.create(
        vacancy=vacancy,
        user=user,
        candidate=candidate,
        **verdict.model_dump(),
        model=settings.GEMINI_MODEL,
        tokens_used=answer.tokens,
        response_ms=answer.took_ms,
    )


def described(vacancy: Vacancy) -> str:
    """What of a vacancy says whom it is for."""
    grades = ", ".join(vacancy.grades.values_list("name", flat=True))
    lines = [
        vacancy.name,
        grades and f"Grades: {grades}",
        vacancy.invite_title,
        vacancy.invite_text,
    ]
    return "\n".join(line for line in lines if line)
