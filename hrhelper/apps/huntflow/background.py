"""The workers' round for Huntflow. Where nothing waits it costs two queries and no import."""

import time
from importlib import import_module

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.huntflow.models import SyncJob, WebhookDelivery

# Then the others' rounds have their turn.
LONGEST_ROUND_S = 2.0
EVENTS_A_ROUND = 8


def background_work() -> int:
    """Do a part of what webhooks announced, then of the open sync; how many steps that were."""
    return _events() + _sync()


def _events() -> int:
    waiting = _due(WebhookDelivery.objects.filter(done_at=None))
    some = list(waiting.order_by("id")[:EVENTS_A_ROUND])
    return import_module("logic.huntflow.deliveries").work_off(some) if some else 0


def _sync() -> int:
    job = _due(SyncJob.objects.filter(is_open=True)).first()
    if job is None:
        return 0
    end = time.monotonic() + LONGEST_ROUND_S
    return import_module("logic.huntflow.sync").run_sync(job, lambda: time.monotonic() < end)


def _due(rows: QuerySet) -> QuerySet:
    return rows.filter(Q(try_again_at=None) | Q(try_again_at__lte=timezone.now()))
