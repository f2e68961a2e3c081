"""Salary ranges in the derived currencies.

SQLite has one write lock for all. Each transaction here holds it for at most BATCH ranges,
and who calls again and again rests in between (logic.base.pacing).
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.finance.models import DERIVED_CURRENCIES, SalaryAmount, SalaryRange
from logic.base.money import Rate, convert
from logic.finance.rates import latest_rates

BATCH = 50


def update_amounts(salary_range: SalaryRange) -> None:
    """Derive all currencies of a range anew, or none. Raises MissingRateError."""
    _write([salary_range], latest_rates())


def fill_missing() -> int:
    """Derive for at most BATCH ranges that have no amounts yet; how many there were.

    Raises MissingRateError.
    """
    waiting = _without_amounts().order_by("id").values_list("id", flat=True)[:BATCH]
    ids = list(waiting)
    return _update(_without_amounts(), ids, latest_rates()) if ids else 0


def update_from(after: int, limit: int) -> tuple[int, int | None]:
    """Derive anew for at most `limit` ranges with an id above `after`.

    Returns how many, and the id to go on after, or None at the end. Raises MissingRateError.
    """
    found = SalaryRange.objects.filter(id__gt=after).order_by("id")
    ids = list(found.values_list("id", flat=True)[: limit + 1])
    rates, count = latest_rates(), 0
    here, more = ids[:limit], len(ids) > limit
    for start in range(0, len(here), BATCH):
        count += _update(SalaryRange.objects.all(), here[start : start + BATCH], rates)
    return count, here[-1] if more else None


def _without_amounts() -> QuerySet[SalaryRange]:
    return SalaryRange.objects.filter(
        ~Exists(SalaryAmount.objects.filter(salary_range=OuterRef("id")))
    )


def _update(ranges: QuerySet[SalaryRange], ids: Sequence[int], rates: Mapping[str, Rate]) -> int:
    """The ranges are read under the lock: amounts of a range as it was must not win."""
    with transaction.atomic():
        found = list(ranges.filter(id__in=ids).select_for_update(of=("self",)))
        _write(found, rates)
    return len(found)


def _write(ranges: Sequence[SalaryRange], rates: Mapping[str, Rate]) -> None:
    amounts = [
        SalaryAmount(
            salary_range=one,
            currency=currency,
            minimum=convert(one.min_usd, "USD", currency, rates),
            maximum=convert(one.max_usd, "USD", currency, rates),
        )
        for one in ranges
        for currency in DERIVED_CURRENCIES
    ]
    SalaryAmount.objects.bulk_create(
        amounts,
        update_conflicts=True,
        unique_fields=["salary_range", "currency"],
        update_fields=["minimum", "maximum"],
    )
