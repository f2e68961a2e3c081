"""What vacancies pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.finance.models.grades import Grade


class SalaryRange(models.Model):
    """What a vacancy pays at a grade, in USD."""

    vacancy = models.ForeignKey(
        "vacancies.Vacancy", models.CASCADE, related_name="salary_ranges", verbose_name=_("vacancy")
    )
    grade = models.ForeignKey(
        Grade, models.PROTECT, related_name="salary_ranges", verbose_name=_("grade")
    )
    min_usd = models.DecimalField(_("from, USD"), max_digits=12, decimal_places=2)
    max_usd = models.DecimalField(_("to, USD"), max_digits=12, decimal_places=2)
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

    def complete(self) -> None:
        """Nothing follows from the other fields."""
