"""What vacancies pay."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.finance.models.currencies import CURRENCIES
from apps.finance.models.grades import Grade
from logic.base.money import midpoint

DERIVED_CURRENCIES = ("BYN", "PLN", "EUR")


class SalaryRange(models.Model):
    """What a vacancy pays at a grade, in USD; other currencies are derived from it."""

    vacancy = models.ForeignKey(
        "vacancies.Vacancy", models.CASCADE, related_name="salary_ranges", verbose_name=_("vacancy")
    )
    grade = models.ForeignKey(
        Grade, models.PROTECT, related_name="salary_ranges", verbose_name=_("grade")
    )
    min_usd = models.DecimalField(_("from, USD"), max_digits=12, decimal_places=2)
    max_usd = models.DecimalField(_("to, USD"), max_digits=12, decimal_places=2)
    midpoint_usd = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("salary range")
        verbose_name_plural = _("salary ranges")
        ordering = ("grade__rank", "id")
        constraints = [
            models.UniqueConstraint(fields=["vacancy", "grade"], name="one_range_a_grade"),
            models.CheckConstraint(
                condition=models.Q(max_usd__gte=models.F("min_usd")), name="min_to_max"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.min_usd}-{self.max_usd} USD"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.complete()
        super().save(*args, **kwargs)

    def complete(self) -> None:
        """Set what follows from the other fields; bulk writes call it themselves."""
        self.midpoint_usd = midpoint(self.min_usd, self.max_usd)


class SalaryAmount(models.Model):
    """A salary range in a derived currency, with the rates of the moment."""

    salary_range = models.ForeignKey(SalaryRange, models.CASCADE, related_name="amounts")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    minimum = models.DecimalField(max_digits=14, decimal_places=2)
    maximum = models.DecimalField(max_digits=14, decimal_places=2)
    # When the newest rate was fetched that this was derived with: newer ones make it outdated.
    rates_of = models.DateTimeField()

    class Meta:
        ordering = ("currency",)
        constraints = [
            models.UniqueConstraint(fields=["salary_range", "currency"], name="one_amount_each")
        ]

    def __str__(self) -> str:
        return f"{self.minimum}-{self.maximum} {self.currency}"
