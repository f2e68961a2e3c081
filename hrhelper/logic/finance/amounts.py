"""Salary ranges in the derived currencies.

SQLite has one write lock for all. Each transaction here holds it for at most BATCH ranges,
and who calls again and again rests in between (logic.base.pacing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.finance.models import DERIVED_CURRENCIES, SalaryAmount, SalaryRange
from logic.base.errors import MissingRateError
from logic.base.money import Rate, convert
from logic.finance.rates import latest_rates, newest_moment

BATCH = 50


def update_amounts(salary_range: SalaryRange) -> None:
    """Derive all currencies of a range anew, or none. Raises MissingRateError."""
    _write([salary_range], _rates_now())


def fill_missing() -> int:
    """Derive for at most BATCH ranges that have no amounts by the newest rates; how many.

    Raises MissingRateError.
    """
    waiting = _without_amounts_of(newest_moment())
    ids = list(waiting.order_by("id").values_list("id", flat=True)[:BATCH])
    return _update(waiting, ids, _rates_now()) if ids else 0


def update_from(after: int, limit: int) -> tuple[int, int | None]:
    """Derive anew for at most `limit` ranges with an id above `after`.

    Returns how many, and the id to go on after, or None at the end. Raises MissingRateError.
    """
    found = SalaryRange.objects.filter(id__gt=after).order_by("id")
    ids = list(found.values_list("id", flat=True)[: limit + 1])
    rates, count = _rates_now(), 0
    here, more = ids[:limit], len(ids) > limit
    for start in range(0, len(here), BATCH):
        count += _update(SalaryRange.objects.all(), here[start : start + BATCH], rates)
    return count, here[-1] if more else None


@dataclass(frozen=True)
class _Rates:
    of: datetime
    by_currency: Mapping[str, Rate]


def _rates_now() -> _Rates:
    """The moment is read first: rates that come in between are then used, and used again."""
    moment = newest_moment()
    if moment is None:
        raise MissingRateError("There is no rate for any currency.")
    return _Rates(moment, latest_rates())


def _without_amounts_of(moment: datetime | None) -> QuerySet[SalaryRange]:
    by_these_rates = SalaryAmount.objects.filter(salary_range=OuterRef("id"), rates_of=moment)
    return SalaryRange.objects.filter(~Exists(by_these_rates))


def _update(ranges: QuerySet[SalaryRange], ids: Sequence[int], rates: _Rates) -> int:
    """The ranges are read under the lock: amounts of a range as it was must not win."""
    with transaction.atomic():
        found = list(ranges.filter(id__in=ids).select_for_update(of=("self",)))
        _write(found, rates)
    return len(found)


def _write(ranges: Sequence[SalaryRange], rates: _Rates) -> None:
    amounts = [
        SalaryAmount(
            salary_range=one,
            currency=currency,
            minimum=convert(one.min_usd, "USD", currency, rates.by_currency),
            maximum=convert(one.max_usd, "USD", currency, rates.by_currency),
            rates_of=rates.of,
        )
        for one in ranges
        for currency in DERIVED_CURRENCIES
    ]
    SalaryAmount.objects.bulk_create(
        amounts,
        update_conflicts=True,
        unique_fields=["salary_range", "currency"],
        update_fields=["minimum", "maximum", "rates_of"],
    )
