"""What Huntflow told by webhook."""

from django.db import models


class WebhookDelivery(models.Model):
    """That something changed there, and whether it has been read since; never the body.

    `key` names the event as the signed body does. Neither the delivery's id (a header, which is
    not signed) nor a digest of the body (it counts the retries) would know a repetition.
    """

    key = models.CharField(max_length=200, unique=True)
    event_type = models.CharField(max_length=40)
    account = models.BigIntegerField()
    object_id = models.BigIntegerField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    try_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["done_at", "try_again_at"], name="huntflow_delivery_open")]

    def __str__(self) -> str:
        return f"{self.event_type} of account {self.account}"
