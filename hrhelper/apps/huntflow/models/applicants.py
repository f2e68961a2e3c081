"""Applicants of the mirror: personal data, and only as much of it as recruiters work with."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.huntflow.models.mirror import OfAccount


class Applicant(OfAccount):
    """A candidate. Birthday, photo and resumes stay in Huntflow; a tombstone is emptied."""

    first_name = models.CharField(_("first name"), max_length=255, blank=True)
    middle_name = models.CharField(_("middle name"), max_length=255, blank=True)
    last_name = models.CharField(_("last name"), max_length=255, blank=True)
    phone = models.CharField(_("phone"), max_length=255, blank=True)
    email = models.CharField(_("e-mail"), max_length=255, blank=True)
    position = models.CharField(_("position"), max_length=255, blank=True)
    company = models.CharField(_("company"), max_length=255, blank=True)
    money = models.CharField(_("money"), max_length=255, blank=True)
    # Names, e-mail and phone in small letters: SQLite does not know how to fold Cyrillic ones.
    search_text = models.TextField(blank=True, editable=False)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    created = models.DateTimeField(_("created"), null=True, blank=True)

    class Meta:
        ordering = ("-external_id",)
        verbose_name = _("Huntflow applicant")
        verbose_name_plural = _("Huntflow applicants")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"], name="huntflow_applicant_once"
            )
        ]
        indexes = [
            # A page of a list is read along it, whatever the number of rows.
            models.Index(fields=["removed_at", "-external_id"], name="huntflow_applicant_listed"),
        ]

    def __str__(self) -> str:
        """Without the name: this text ends in logs and in the admin's history."""
        return gettext("Candidate %(n)s") % {"n": self.external_id}


class Link(models.Model):
    """That an applicant is on a vacancy at a status; both by Huntflow's ids."""

    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="links")
    vacancy = models.BigIntegerField(_("vacancy"))
    status = models.BigIntegerField(_("status"))
    changed = models.DateTimeField(_("changed"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("stage of a candidate")
        verbose_name_plural = _("stages of a candidate")
        constraints = [
            models.UniqueConstraint(fields=["applicant", "vacancy"], name="huntflow_link_once")
        ]
        indexes = [models.Index(fields=["vacancy", "status"], name="huntflow_link_stage")]

    def __str__(self) -> str:
        return gettext("Vacancy %(vacancy)s, stage %(stage)s") % {
            "vacancy": self.vacancy,
            "stage": self.status,
        }
