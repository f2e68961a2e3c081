"""Vacancies of the recruiting team."""

from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Vacancy(models.Model):
    """An open position. `external_id` is chosen by who creates it (Huntflow's), and unique.

    The stages are Huntflow's statuses to which a candidate is moved for the screening by a
    recruiter and for the interview by specialists.
    """

    external_id = models.CharField(_("external id"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    recruiter = models.CharField(_("recruiter"), max_length=120, blank=True, db_index=True)
    invite_title = models.CharField(_("invite title"), max_length=200, blank=True)
    invite_text = models.TextField(_("invite text"), blank=True)
    scorecard_link = models.URLField(_("scorecard link"), blank=True)
    screening_questions = models.TextField(_("screening questions"), blank=True)
    screening_minutes = models.PositiveIntegerField(
        _("screening minutes"),
        default=45,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    screening_stage_id = models.PositiveBigIntegerField(_("screening stage"), null=True, blank=True)
    interview_stage_id = models.PositiveBigIntegerField(_("interview stage"), null=True, blank=True)
    grades = models.ManyToManyField(
        "finance.Grade", verbose_name=_("available grades"), blank=True, related_name="vacancies"
    )
    interviewers = models.ManyToManyField(
        "interviewers.Interviewer",
        verbose_name=_("interviewers"),
        blank=True,
        related_name="vacancies",
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    # SQLite does not know that Ё and ё are one letter; what is searched is folded beforehand.
    search_text = models.CharField(max_length=700, editable=False, default="")

    class Meta:
        ordering = ("-id",)
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.complete()
        if update_fields is not None:
            update_fields = {*update_fields, "search_text"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def complete(self) -> None:
        """Set what follows from the other fields; bulk writes call it themselves."""
        self.search_text = f"{self.name}\n{self.recruiter}".casefold()
