"""The rates that count now, and how the bank's become them."""

from datetime import datetime

from django.utils import timezone

from apps.finance.models import CURRENCIES, CurrencyRate
from logic.base.money import HOME_CURRENCY, Rate

FOREIGN_CURRENCIES = tuple(code for code, _ in CURRENCIES if code != HOME_CURRENCY)


def latest_rates() -> dict[str, Rate]:
    """The newest rate of each currency that has one; one look into an index for each."""
    found = {}
    for currency in FOREIGN_CURRENCIES:
        newest = CurrencyRate.objects.filter(currency=currency).first()
        if newest:
            found[currency] = Rate(currency, newest.rate, newest.scale)
    return found


def newest_moment() -> datetime | None:
    """When the newest rate of all was fetched."""
    return CurrencyRate.objects.values_list("fetched_at", flat=True).first()


def update_rates() -> dict[str, Rate]:
    """Fetch all rates from the National Bank and store them, or none; what they are now.

    Raises MissingRateError where the bank leaves one out, ApiError, ApiUnreachableError.
    """
    # Imported here: the bank is asked twice a day, and not by every start of the web.
    from logic.finance.bank import published_rates

    rates = published_rates(FOREIGN_CURRENCIES)
    now = timezone.now()
    CurrencyRate.objects.bulk_create(
        CurrencyRate(currency=one.currency, rate=one.rate, scale=one.scale, fetched_at=now)
        for one in rates.values()
    )
    return rates
