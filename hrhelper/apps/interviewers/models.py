"""Who interviews candidates, and when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_A_WEEK = 200


class Interviewer(models.Model):
    """A specialist who interviews candidates of some grades; without a bound, of all.

    A limit of 0 is a rest: nobody is asked for an interview then.
    """

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), unique=True)
    min_grade = models.ForeignKey(
        "finance.Grade", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("lowest grade"),
    )  # fmt: skip
    max_grade = models.ForeignKey(
        "finance.Grade", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("highest grade"),
    )  # fmt: skip
    daily_limit = models.PositiveSmallIntegerField(
        _("daily limit"), default=2, validators=[MaxValueValidator(MOST_A_WEEK)]
    )
    weekly_limit = models.PositiveSmallIntegerField(
        _("weekly limit"), default=5, validators=[MaxValueValidator(MOST_A_WEEK)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ("name", "id")
        indexes = [models.Index(fields=["name", "id"], name="interviewer_by_name")]
        verbose_name = _("interviewer")
        verbose_name_plural = _("interviewers")

    def __str__(self) -> str:
        return self.name


class Interview(models.Model):
    """A planned interview; it counts against the limits of its interviewer."""

    interviewer = models.ForeignKey(
        Interviewer, models.CASCADE, related_name="interviews", verbose_name=_("interviewer")
    )
    vacancy = models.ForeignKey(
        "vacancies.Vacancy", models.SET_NULL, null=True, blank=True, related_name="interviews",
        verbose_name=_("vacancy"),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("-starts_at", "-id")
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="interview_by_time"),
            models.Index(fields=["interviewer", "starts_at"], name="interview_of_one"),
        ]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")

    def __str__(self) -> str:
        return f"{self.interviewer}, {self.starts_at:%Y-%m-%d %H:%M}"
