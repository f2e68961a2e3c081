"""What this release derives from salary ranges in the background: nothing."""

from decimal import Decimal

from django.db.models import QuerySet

from apps.finance.models import SalaryRange

SHOWN_CURRENCIES = ()


def background_work() -> int:
    """One round of the worker: there is nothing to do."""
    return 0


def forget(salary_range: SalaryRange) -> None:
    """There is nothing to forget."""


def with_amounts(ranges: QuerySet[SalaryRange]) -> QuerySet[SalaryRange]:
    """Ranges that are to be shown: there are no amounts."""
    return ranges


def amounts_of(salary_range: SalaryRange) -> dict[str, tuple[Decimal, Decimal]]:
    """From and to by currency: none."""
    return {}
