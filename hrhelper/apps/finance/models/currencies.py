"""Currencies and what they cost."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CURRENCIES = [("BYN", "BYN"), ("USD", "USD"), ("PLN", "PLN"), ("EUR", "EUR")]


class CurrencyRate(models.Model):
    """What `scale` units cost in BYN at a moment."""

    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    rate = models.DecimalField(_("rate, BYN"), max_digits=12, decimal_places=6)
    scale = models.PositiveIntegerField(_("scale"), default=1, validators=[MinValueValidator(1)])
    fetched_at = models.DateTimeField(_("fetched at"))

    class Meta:
        verbose_name = _("currency rate")
        verbose_name_plural = _("currency rates")
        ordering = ("-fetched_at", "-id")
        get_latest_by = "fetched_at"
        # The newest of a currency is asked for with every conversion, the list by time.
        indexes = [
            models.Index(fields=["currency", "-fetched_at", "-id"], name="rate_of_currency"),
            models.Index(fields=["-fetched_at", "-id"], name="rate_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.currency} = {self.rate} BYN"
