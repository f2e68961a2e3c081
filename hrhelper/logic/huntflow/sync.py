"""Sync the mirror with Huntflow: step by step, each with its checkpoint in one transaction."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.huntflow.models import Account, SeenPage, SyncJob
from logic.base.errors import DomainError
from logic.base.pacing import delay_after_failures
from logic.huntflow import api, claims
from logic.huntflow.client import HuntflowClient
from logic.huntflow.errors import TransientError
from logic.huntflow.position import Position, after
from logic.huntflow.steps import Step, step
from logic.huntflow.traces import trace_of

log = logging.getLogger(__name__)
FIRST_DELAY_S = 15.0
MOST_FAILURES = 10


class LostClaimError(Exception):
    """Another process works at the job by now; what this one read is dropped."""


def run_sync(job: SyncJob, go_on: Callable[[], bool] = lambda: True) -> int:
    """Work at an open sync until it is finished, or `go_on` says no; how many steps were done.

    May be called by several processes and again after a kill: it goes on at the checkpoint.
    Where Huntflow is away the job stays open with `try_again_at`. Errors end in the job.
    """
    job.refresh_from_db()
    runner = claims.claim(job)
    if runner is None:
        return 0
    done = 0
    try:
        with api.connect() as huntflow:
            while job.is_open and go_on():
                _advance(huntflow, job, runner)
                done += 1
    except LostClaimError:
        log.warning("Huntflow sync %s is another process's now", job.pk)
    except TransientError as problem:
        _try_later(job, runner, problem)
    except DomainError as problem:
        _finish(job, runner, SyncJob.State.FAILED, problem.code, problem.message)
    except Exception as problem:  # noqa: BLE001 - a worker goes on with other work
        log.error("Huntflow sync %s broke: %s", job.pk, trace_of(problem))
        _finish(job, runner, SyncJob.State.FAILED, "unexpected", type(problem).__name__)
    finally:
        claims.let_go(job, runner)
    job.refresh_from_db()
    return done


def _advance(huntflow: HuntflowClient, job: SyncJob, runner: str) -> None:
    position = Position(job.stage, job.account, job.page)
    found = step(huntflow, job, position)
    with transaction.atomic():
        # The write lock first: on SQLite a transaction that began by reading could not wait.
        _check_in(job, runner, position)
        counts = found.write()
        if found.seen:
            SeenPage.objects.create(
                job=job, account=position.account or 0, kind=position.stage, ids=found.seen
            )
        following = position.next_page() if found.has_more else after(position, _accounts(job))
        SyncJob.objects.filter(pk=job.pk).update(
            seen=F("seen") + len(found.seen),
            changed=F("changed") + counts.changed,
            removed=F("removed") + counts.removed,
            **_checkpoint(following, found),
        )
        if following is None:
            _close(job, SyncJob.State.DONE)
    job.refresh_from_db()


def _check_in(job: SyncJob, runner: str, position: Position) -> None:
    """Compare-and-set: only who holds the claim, and only where the job is still here."""
    here = SyncJob.objects.filter(
        pk=job.pk, runner=runner, is_open=True,
        stage=position.stage, account=position.account, page=position.page,
    )  # fmt: skip
    until = timezone.now() + claims.CLAIM_KEEPS
    if not here.update(runner_until=until, failures=0, try_again_at=None):
        raise LostClaimError


def _checkpoint(following: Position | None, found: Step) -> dict[str, object]:
    if following is None:
        return {}
    return {
        "stage": following.stage,
        "account": following.account,
        "page": following.page,
        "total_pages": found.total_pages if found.has_more else None,
    }


def _accounts(job: SyncJob) -> list[int]:
    return list(Account.objects.filter(removed_at=None).values_list("external_id", flat=True))


def _try_later(job: SyncJob, runner: str, problem: TransientError) -> None:
    failures = job.failures + 1
    log.warning("Huntflow sync %s: %s, failure %d", job.pk, problem.code, failures)
    if failures >= MOST_FAILURES:
        _finish(job, runner, SyncJob.State.FAILED, problem.code, problem.message)
        return
    delay_s = max(delay_after_failures(failures, FIRST_DELAY_S), problem.retry_after_s or 0.0)
    SyncJob.objects.filter(pk=job.pk, runner=runner).update(
        failures=failures, try_again_at=timezone.now() + timedelta(seconds=delay_s)
    )


def _finish(job: SyncJob, runner: str, state: str, code: str, message: str) -> None:
    log.error("Huntflow sync %s failed: %s", job.pk, code)
    with transaction.atomic():
        if SyncJob.objects.filter(pk=job.pk, runner=runner, is_open=True).update(
            error_code=code, error_message=message[:300]
        ):
            _close(job, state)


def _close(job: SyncJob, state: str) -> None:
    SyncJob.objects.filter(pk=job.pk).update(
        state=state, is_open=None, finished_at=timezone.now(), try_again_at=None
    )
    SeenPage.objects.filter(job=job).delete()
