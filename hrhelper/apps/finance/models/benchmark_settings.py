"""How benchmarks are gathered and counted."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

THE_ONE = 1


class BenchmarkSettings(models.Model):
    """One row for all. A daily limit of 0 is none."""

    period_days = models.PositiveSmallIntegerField(
        _("period, days"), default=90, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    tax_percent = models.DecimalField(
        _("tax, %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
    )
    prompt = models.TextField(_("prompt"), blank=True)
    daily_candidates = models.PositiveIntegerField(_("candidates a day"), default=0)
    daily_vacancies = models.PositiveIntegerField(_("vacancies a day"), default=0)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("settings of benchmarks")
        verbose_name_plural = _("settings of benchmarks")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=THE_ONE), name="one_row_of_settings")
        ]

    def __str__(self) -> str:
        return ngettext("the last %(n)d day", "the last %(n)d days", self.period_days) % {
            "n": self.period_days
        }

    @classmethod
    def current(cls) -> "BenchmarkSettings":
        """The row, or the defaults where nobody has set anything yet."""
        return cls.objects.filter(id=THE_ONE).first() or cls(id=THE_ONE)

    def daily_limit(self, kind: str) -> int:
        """How many benchmarks of a kind may be added in a day; 0 is no limit."""
        return self.daily_candidates if kind == "candidate" else self.daily_vacancies
