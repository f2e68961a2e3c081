"""How this release treats salary ranges: in USD alone."""

from django.db.models import QuerySet

from apps.finance.models import SalaryRange


def ranges() -> QuerySet[SalaryRange]:
    return SalaryRange.objects.select_related("grade")


def after_save(salary_range: SalaryRange) -> None:
    """Nothing is derived."""


def background_work() -> int:
    """One round of the worker: this release has nothing to derive."""
    return 0
