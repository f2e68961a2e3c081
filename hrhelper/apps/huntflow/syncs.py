"""Ask for a sync; workers do it."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.accounts import credentials
from apps.accounts.models import Credential
from apps.core import background
from apps.huntflow.models import SyncJob, WebhookDelivery
from apps.huntflow.remote import TOKENS

log = logging.getLogger(__name__)
# Huntflow repeats a delivery for some days; by then its event must still be known.
DELIVERIES_KEPT = timedelta(days=90)


def request_sync(user: Any = None) -> SyncJob:
    """The open sync, or a new one. Raises MissingCredentialError where nothing is connected."""
    if not Credential.objects.filter(name=TOKENS).exists():
        raise credentials.MissingCredentialError("Huntflow is not connected yet.")
    job, made = SyncJob.objects.get_or_create(is_open=True, defaults={"requested_by": user})
    if made and settings.BROKER_URL:
        _start_at_once(job)
    return job


def _start_at_once(job: SyncJob) -> None:
    try:
        background.start("apps.huntflow.tasks.sync", job.pk)
    except background.BrokerAwayError:
        # The next round of a worker finds it, as it does where there is no broker.
        log.warning("Huntflow sync %s waits for a worker's round", job.pk)


def nightly() -> None:
    """Read everything once a day: webhooks may get lost, and a token in use stays alive."""
    WebhookDelivery.objects.filter(done_at__lt=timezone.now() - DELIVERIES_KEPT).delete()
    if Credential.objects.filter(name=TOKENS).exists():
        request_sync()
