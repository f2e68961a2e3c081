"""The rates that count now."""

from apps.finance.models import CurrencyRate
from logic.base.money import Rate


def latest_rates() -> dict[str, Rate]:
    """The newest rate of each currency."""
    found: dict[str, Rate] = {}
    for one in CurrencyRate.objects.order_by("currency", "-fetched_at", "-id"):
        found.setdefault(one.currency, Rate(one.currency, one.rate, one.scale))
    return found
