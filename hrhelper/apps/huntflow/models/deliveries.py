"""What Huntflow told by webhook."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class WebhookDelivery(models.Model):
    """That something changed there, and whether it has been read since; never the body.

    `key` names the event as the signed body does. Neither the delivery's id (a header, which is
    not signed) nor a digest of the body (it counts the retries) would know a repetition.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    event_type = models.CharField(_("event"), max_length=40)
    account = models.BigIntegerField(_("organization in Huntflow"))
    object_id = models.BigIntegerField(_("object in Huntflow"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    try_again_at = models.DateTimeField(_("try again at"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("webhook of Huntflow")
        verbose_name_plural = _("webhooks of Huntflow")
        indexes = [models.Index(fields=["done_at", "try_again_at"], name="huntflow_delivery_open")]

    def __str__(self) -> str:
        return gettext("%(event)s of organization %(n)s") % {
            "event": self.event_type,
            "n": self.account,
        }
