"""Syncs of the mirror, as jobs whose progress can be read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SyncJob(models.Model):
    """A sync; at most one is open.

    `stage`, `account` and `page` are the checkpoint: what is to be read next. It is written in
    one transaction with the rows of the page before, so that a killed sync loses nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    # True while it is open, then NULL: of NULLs a unique column may hold many.
    is_open = models.BooleanField(null=True, default=True, unique=True, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    stage = models.CharField(_("stage"), max_length=30, default="accounts")
    account = models.BigIntegerField(_("account"), null=True, blank=True)
    page = models.PositiveIntegerField(_("page"), default=1)
    total_pages = models.PositiveIntegerField(_("pages in all"), null=True, blank=True)

    seen = models.PositiveIntegerField(_("seen"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)

    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    try_again_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error_message = models.CharField(_("error"), max_length=300, blank=True)

    # Who works at it, and until when nobody else may; see logic.huntflow.claims.
    runner = models.CharField(max_length=120, blank=True, editable=False)
    runner_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("Huntflow sync")
        verbose_name_plural = _("Huntflow syncs")

    def __str__(self) -> str:
        return gettext("Sync %(n)s") % {"n": self.pk}


class SeenPage(models.Model):
    """The Huntflow ids that a page of an open sync held; what none held has vanished."""

    job = models.ForeignKey(SyncJob, models.CASCADE, related_name="seen_pages")
    account = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    ids = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["job", "account", "kind"], name="huntflow_seen")]

    def __str__(self) -> str:
        return f"{len(self.ids)} {self.kind}"
