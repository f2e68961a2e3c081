"""Who works at a sync: one process, and after its death soon another."""

import os
import socket
import uuid
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from apps.huntflow.models import SyncJob

# Longer than the longest step. A claim of a process that is known to be dead ends at once.
CLAIM_KEEPS = timedelta(minutes=5)


def claim(job: SyncJob) -> str | None:
    """The name under which this process works at the job now; None where another one does.

    A claim guards against double work, not against wrong data: that is what the checkpoint's
    compare-and-set does (logic.huntflow.sync).
    """
    name = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex}"
    now = timezone.now()
    free = Q(runner="") | Q(runner_until__lt=now)
    if job.runner and _is_dead(job.runner):
        free |= Q(runner=job.runner)
    taken = SyncJob.objects.filter(free, pk=job.pk, is_open=True).update(
        runner=name,
        runner_until=now + CLAIM_KEEPS,
        state=SyncJob.State.RUNNING,
        started_at=Coalesce(F("started_at"), Now()),
    )
    return name if taken else None


def let_go(job: SyncJob, runner: str) -> None:
    """So that anybody may go on with it."""
    SyncJob.objects.filter(pk=job.pk, runner=runner).update(runner="", runner_until=None)


def _is_dead(runner: str) -> bool:
    """Whether it is a process of this host that is no more; of other hosts nothing is known."""
    host, pid, _run = runner.rsplit("/", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it lives, under another user
        return False
    return False
