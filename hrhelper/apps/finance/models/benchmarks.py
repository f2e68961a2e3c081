"""What the market pays."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.finance.models.grades import Grade


class Benchmark(models.Model):
    """What the market pays: a candidate's wish or somebody's vacancy."""

    type = models.CharField(
        _("type"), max_length=10, choices=[("candidate", _("candidate")), ("vacancy", _("vacancy"))]
    )
    vacancy_name = models.CharField(_("vacancy"), max_length=200)
    grade = models.ForeignKey(Grade, models.PROTECT, null=True, blank=True, verbose_name=_("grade"))
    salary_from = models.DecimalField(_("salary from, USD"), max_digits=12, decimal_places=2)
    salary_to = models.DecimalField(
        _("salary to, USD"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    location = models.CharField(_("location"), max_length=120, blank=True)
    work_format = models.CharField(_("work format"), max_length=20, blank=True)
    compensation = models.CharField(_("compensation"), max_length=300, blank=True)
    benefits = models.CharField(_("benefits"), max_length=300, blank=True)
    technologies = models.CharField(_("technologies"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=120, blank=True)
    hh_vacancy_id = models.CharField(
        _("hh.ru id"), max_length=32, unique=True, null=True, blank=True
    )  # noqa: DJ001
    notes = models.TextField(_("notes"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering = ("-id",)
        indexes = [
            # For the list of one type, newest first.
            models.Index(fields=["type", "id"], name="benchmark_kind"),
            # The averages need no row itself, and rows are long.
            models.Index(
                fields=["type", "created_at", "is_active", "salary_from"],
                name="benchmark_average",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vacancy_name}: {self.salary_from}"
