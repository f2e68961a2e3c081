"""What this release derives from salary ranges in the background: other currencies."""

from decimal import Decimal

from django.db.models import QuerySet

from apps.finance.models import DERIVED_CURRENCIES, SalaryRange
from logic.finance.amounts import fill_missing

SHOWN_CURRENCIES = DERIVED_CURRENCIES


def background_work() -> int:
    """One round of the worker: some ranges that have no amounts yet; how many there were."""
    return fill_missing()


def forget(salary_range: SalaryRange) -> None:
    """Amounts of a range that was changed by hand go; the worker derives them anew."""
    salary_range.amounts.all().delete()


def with_amounts(ranges: QuerySet[SalaryRange]) -> QuerySet[SalaryRange]:
    """Ranges that are to be shown: one more query for all their amounts."""
    return ranges.prefetch_related("amounts")


def amounts_of(salary_range: SalaryRange) -> dict[str, tuple[Decimal, Decimal]]:
    """From and to by currency, as far as it has been derived."""
    return {one.currency: (one.minimum, one.maximum) for one in salary_range.amounts.all()}
