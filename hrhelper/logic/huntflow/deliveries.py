"""Do what webhooks announced, one after the other."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.huntflow.models import Account, Applicant, Vacancy, WebhookDelivery
from logic.base.errors import DomainError
from logic.base.pacing import delay_after_failures
from logic.huntflow import api, mirror
from logic.huntflow.client import HuntflowClient
from logic.huntflow.objects import read_one
from logic.huntflow.traces import trace_of
from logic.huntflow.webhooks import APPLICANT, VACANCY

log = logging.getLogger(__name__)
FIRST_DELAY_S = 15.0
MOST_FAILURES = 20
MODELS = {APPLICANT: Applicant, VACANCY: Vacancy}


def work_off(deliveries: Sequence[WebhookDelivery]) -> int:
    """How many were done. One that fails is tried again later; at last the sync makes up for it."""
    done = 0
    with api.connect() as huntflow:
        for one in deliveries:
            try:
                _do(huntflow, one)
                done += 1
            except DomainError as problem:
                log.warning("Huntflow event %s: %s", one.pk, problem.code)
                _try_later(one)
            except Exception as problem:  # noqa: BLE001 - the other events come to their turn
                log.error("Huntflow event %s broke: %s", one.pk, trace_of(problem))
                _try_later(one)
    return done


def _do(huntflow: HuntflowClient, delivery: WebhookDelivery) -> None:
    """Bring the row up to date, or make it a tombstone; may be done twice."""
    account = Account.objects.filter(external_id=delivery.account, removed_at=None).first()
    model = MODELS.get(delivery.event_type)
    # What an account has that is not mirrored yet is left to the next sync.
    if account is not None and model is not None and delivery.object_id is not None:
        write = read_one(huntflow, account, model, delivery.object_id)
        with transaction.atomic():
            if write is None:
                mirror.entomb(model, {"account": account}, [delivery.object_id])
            else:
                write()
    WebhookDelivery.objects.filter(pk=delivery.pk).update(done_at=timezone.now())


def _try_later(delivery: WebhookDelivery) -> None:
    failures = delivery.failures + 1
    delay = timedelta(seconds=delay_after_failures(failures, FIRST_DELAY_S))
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        failures=failures,
        try_again_at=timezone.now() + delay,
        done_at=timezone.now() if failures >= MOST_FAILURES else None,
    )
