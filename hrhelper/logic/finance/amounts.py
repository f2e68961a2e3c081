"""Salary ranges in the derived currencies."""

from django.db import transaction

from apps.finance.models import DERIVED_CURRENCIES, SalaryAmount, SalaryRange
from logic.base.money import Rate, convert
from logic.finance.rates import latest_rates


def update_amounts(salary_range: SalaryRange, rates: dict[str, Rate] | None = None) -> None:
    """Derive all currencies of a range anew, or none. Raises MissingRateError."""
    known = latest_rates() if rates is None else rates
    amounts = [
        SalaryAmount(
            salary_range=salary_range,
            currency=currency,
            minimum=convert(salary_range.min_usd, "USD", currency, known),
            maximum=convert(salary_range.max_usd, "USD", currency, known),
        )
        for currency in DERIVED_CURRENCIES
    ]
    with transaction.atomic():
        SalaryAmount.objects.bulk_create(
            amounts,
            update_conflicts=True,
            unique_fields=["salary_range", "currency"],
            update_fields=["minimum", "maximum"],
        )


def update_without_amounts(limit: int) -> int:
    """Derive for at most `limit` ranges that have no amounts yet; how many there were."""
    waiting = list(SalaryRange.objects.filter(amounts__isnull=True).order_by("id")[:limit])
    rates = latest_rates()
    for salary_range in waiting:
        update_amounts(salary_range, rates)
    return len(waiting)
