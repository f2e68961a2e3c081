"""What the settings of benchmarks have a say in: averages and how many come a day."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Avg, Count
from django.utils import timezone

from apps.finance.models import Benchmark, BenchmarkSettings
from logic.base.errors import DomainError
from logic.base.money import cents, gross_of


class DailyLimitError(DomainError):
    """No more benchmarks of a kind today."""

    code = "daily_limit"


@dataclass(frozen=True)
class Average:
    """Of the active benchmarks of a type, in USD; gross is with the tax of the settings."""

    type: str
    count: int
    average: Decimal
    average_gross: Decimal


def averages() -> list[Average]:
    """One for each type that was met in the period of the settings."""
    known = BenchmarkSettings.current()
    start = timezone.now() - timedelta(days=known.period_days)
    found = Benchmark.objects.filter(is_active=True, created_at__gte=start)
    rows = found.order_by("type").values_list("type").annotate(Count("id"), Avg("salary_from"))
    return [_average(*row, known.tax_percent) for row in rows]


def check_daily_limit(kind: str) -> None:
    """Raises DailyLimitError where as many were added today as the settings let in."""
    limit = BenchmarkSettings.current().daily_limit(kind)
    if not limit:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if Benchmark.objects.filter(type=kind, created_at__gte=midnight).count() >= limit:
        raise DailyLimitError(f"Today's {limit} benchmarks of type {kind} are there already.")


def _average(kind: str, count: int, average: Decimal, tax: Decimal) -> Average:
    exact = Decimal(average)
    return Average(kind, count, cents(exact), gross_of(exact, [tax]))
