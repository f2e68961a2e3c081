"""Which vacancies somebody means."""

from typing import Any

from django.db.models import QuerySet

from apps.core.search import folded
from apps.vacancies.models import Vacancy


def of_recruiter(vacancies: QuerySet[Vacancy], user: Any) -> QuerySet[Vacancy]:
    """Those of a user, whom they name by the login or by the full name."""
    names = {user.get_username(), user.get_full_name()} - {""}
    return vacancies.filter(recruiter__in=names)


def matching(vacancies: QuerySet[Vacancy], text: str) -> QuerySet[Vacancy]:
    """Those whose name or recruiter contains the text, in any case of letters."""
    return vacancies.filter(search_text__contains=folded(text))
