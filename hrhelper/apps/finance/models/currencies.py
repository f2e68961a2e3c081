"""Currencies and what they cost."""

from django.core.validators import MinValueValidator
from django.db import models

CURRENCIES = [("BYN", "BYN"), ("USD", "USD"), ("PLN", "PLN"), ("EUR", "EUR")]


class CurrencyRate(models.Model):
    """What `scale` units cost in BYN at a moment."""

    currency = models.CharField(max_length=3, choices=CURRENCIES)
    rate = models.DecimalField(max_digits=12, decimal_places=6)
    scale = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ("-fetched_at", "-id")
        get_latest_by = "fetched_at"
        # The newest of a currency is asked for with every conversion, the list by time.
        indexes = [
            models.Index(fields=["currency", "-fetched_at", "-id"], name="rate_of_currency"),
            models.Index(fields=["-fetched_at", "-id"], name="rate_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.currency} = {self.rate} BYN"
