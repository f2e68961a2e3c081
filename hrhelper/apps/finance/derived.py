"""How this release keeps salary ranges in other currencies: in the database."""

from django.db.models import QuerySet

from apps.finance.models import SalaryRange
from logic.finance.amounts import update_amounts, update_without_amounts

BATCH = 200


def ranges() -> QuerySet[SalaryRange]:
    return SalaryRange.objects.select_related("grade").prefetch_related("amounts")


def after_save(salary_range: SalaryRange) -> None:
    """Derive the amounts of a range that was written. Raises MissingRateError."""
    update_amounts(salary_range)


def background_work() -> int:
    """One round of the worker: ranges that have no amounts yet; how many there were."""
    return update_without_amounts(BATCH)
