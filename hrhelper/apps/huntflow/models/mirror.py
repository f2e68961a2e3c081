"""The local mirror of what Huntflow holds: accounts, and their vacancies and statuses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mirrored(models.Model):
    """A row of Huntflow under its own id.

    `payload_hash` is that of the values as they were read; empty where the row must be written
    anew. A row that vanished there keeps its id here with `removed_at`: a tombstone.
    """

    external_id = models.BigIntegerField(_("Huntflow id"))
    payload_hash = models.CharField(max_length=64, blank=True, editable=False)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class Account(Mirrored):
    """An organization in Huntflow."""

    name = models.CharField(_("name"), max_length=255)
    nick = models.CharField(_("nick"), max_length=255)
    member_type = models.CharField(_("member type"), max_length=30)

    class Meta:
        ordering = ("external_id",)
        verbose_name = _("Huntflow account")
        verbose_name_plural = _("Huntflow accounts")
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="huntflow_account_once")
        ]

    def __str__(self) -> str:
        return self.name


class OfAccount(Mirrored):
    """What belongs to an account; Huntflow's ids are unique within it."""

    account = models.ForeignKey(Account, models.CASCADE, verbose_name=_("account"))

    class Meta:
        abstract = True


class Vacancy(OfAccount):
    """A vacancy as Huntflow has it; the team's own one names it in its `external_id`."""

    position = models.CharField(_("position"), max_length=255)
    company = models.CharField(_("company"), max_length=255, blank=True)
    money = models.CharField(_("money"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=30, blank=True)
    hidden = models.BooleanField(_("hidden"), default=False)
    priority = models.SmallIntegerField(_("priority"), default=0)
    created = models.DateTimeField(_("created"), null=True, blank=True)

    class Meta:
        ordering = ("-external_id",)
        verbose_name = _("Huntflow vacancy")
        verbose_name_plural = _("Huntflow vacancies")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="huntflow_vacancy_once")
        ]
        indexes = [
            # A page of the list is read along it, whatever the number of rows.
            models.Index(fields=["removed_at", "-external_id"], name="huntflow_vacancy_listed")
        ]

    def __str__(self) -> str:
        return self.position


class Status(OfAccount):
    """A stage of recruitment."""

    type = models.CharField(_("type"), max_length=30)
    name = models.CharField(_("name"), max_length=255)
    order = models.IntegerField(_("order"))

    class Meta:
        ordering = ("account", "order", "external_id")
        verbose_name = _("Huntflow status")
        verbose_name_plural = _("Huntflow statuses")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="huntflow_status_once")
        ]

    def __str__(self) -> str:
        return self.name
