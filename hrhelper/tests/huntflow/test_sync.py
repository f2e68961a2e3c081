"""A sync makes the mirror what Huntflow is, however often, and from wherever it stopped."""

import logging
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from apps.huntflow.background import background_work
from apps.huntflow.models import Account, Applicant, Link, SeenPage, Status, SyncJob, Vacancy
from apps.huntflow.syncs import nightly, request_sync
from apps.huntflow.tasks import sync
from logic.huntflow import mirror
from logic.huntflow.claims import claim
from logic.huntflow.sync import run_sync
from tests.servers import huntflow_rows
from tests.servers.huntflow_rows import ACCOUNT

ROW = "Key (email)=(canary@example.org) already exists"


def synced():
    """A sync from beginning to end."""
    job = SyncJob.objects.create()
    run_sync(job)
    return job


def rows():
    """All of the mirror, to the last column."""
    models = (Account, Vacancy, Status, Applicant, Link)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_first_sync_mirrors_everything(connected):
    """And the job says how much that was."""
    job = synced()
    assert (job.state, job.seen, job.changed, job.removed) == ("done", 74, 74, 0)
    assert job.finished_at is not None
    one = Applicant.objects.get(external_id=65)
    assert (one.last_name, one.account.external_id) == ("Candidate-canary-65", ACCOUNT)
    assert (one.tags, [link.vacancy for link in one.links.all()]) == ([1], [1])
    assert (Vacancy.objects.count(), Status.objects.count(), Link.objects.count()) == (5, 3, 65)
    assert not SeenPage.objects.exists()


def test_second_sync_changes_nothing(connected):
    """Not even the moment of the last change."""
    synced()
    before = rows()
    job = synced()
    assert (job.state, job.seen, job.changed, job.removed) == ("done", 74, 0, 0)
    assert rows() == before


def test_what_changed_and_came_and_went_is_followed(connected):
    """Of an applicant who was deleted there, nothing is kept here but the id."""
    synced()
    connected.applicants[1]["links"] = []
    connected.applicants[2]["email"] = "new@example.org"
    connected.applicants[66] = huntflow_rows.applicant(66)
    del connected.applicants[3], connected.vacancies[4], connected.statuses[2]
    job = synced()
    assert (job.changed, job.removed) == (3, 3)
    assert Applicant.objects.get(external_id=2).email == "new@example.org"
    assert Applicant.objects.get(external_id=66).links.count() == 1
    gone = Applicant.objects.get(external_id=3)
    assert gone.removed_at is not None
    assert {gone.last_name, gone.phone, gone.email, gone.search_text, gone.money} == {""}
    assert (gone.tags, gone.links.count(), gone.created) == ([], 0, None)
    assert [model.objects.exclude(removed_at=None).count() for model in (Vacancy, Status)] == [1, 1]
    assert synced().removed == 0


def test_who_comes_back_is_no_tombstone_any_more(connected):
    """Deleted by mistake, and restored."""
    kept = connected.applicants.pop(3)
    synced()
    connected.applicants[3] = kept
    synced()
    del connected.applicants[3]
    synced()
    connected.applicants[3] = kept
    assert synced().changed == 1
    one = Applicant.objects.get(external_id=3)
    assert (one.removed_at, one.last_name) == (None, "Candidate-canary-3")


def test_row_that_slipped_between_pages_is_not_taken_for_deleted(connected):
    """Others were deleted while pages were read, so it stood on none of them."""
    synced()
    connected.hidden = {40, 2}
    connected.applicants[40]["email"] = "new@example.org"
    job = synced()
    assert (job.state, job.removed, job.changed) == ("done", 0, 1)
    assert Applicant.objects.get(external_id=40).email == "new@example.org"


def test_account_that_is_not_ours_any_more_becomes_a_tombstone(connected):
    """What was in it is not read any more."""
    connected.accounts.append(huntflow_rows.account(8))
    synced()
    connected.accounts.pop()
    assert synced().removed == 1
    assert [one.external_id for one in Account.objects.filter(removed_at=None)] == [ACCOUNT]


def test_sync_goes_on_at_its_checkpoint_after_an_outage(connected):
    """Nothing is read twice; meanwhile it waits, longer and longer."""
    job = SyncJob.objects.create()
    connected.faults.extend([None] * 4 + [500] * 4)
    run_sync(job)
    assert (job.is_open, job.stage, job.page, job.failures) == (True, "applicants", 2, 1)
    assert job.try_again_at is not None
    assert background_work() == 0
    before = len(connected.seen)
    run_sync(job)
    assert (job.state, job.failures) == ("done", 0)
    assert [one.query.get("page") for one in connected.seen[before:]] == ["2", "3"]


def test_page_is_written_with_its_checkpoint_or_not_at_all(connected, monkeypatch):
    """Broken off in between, it would be skipped, or what it held be taken for vanished."""

    def broken_off(*_):
        monkeypatch.undo()
        raise KeyboardInterrupt

    job = SyncJob.objects.create()
    run_sync(job, lambda: job.page < 2)
    monkeypatch.setattr("logic.huntflow.sync._checkpoint", broken_off)
    with pytest.raises(KeyboardInterrupt):
        run_sync(job)
    job.refresh_from_db()
    assert (job.page, Applicant.objects.count(), Link.objects.count()) == (2, 30, 30)
    assert [len(one.ids) for one in SeenPage.objects.filter(kind="applicants")] == [30]
    run_sync(job)
    assert (job.state, job.seen, Applicant.objects.count()) == ("done", 74, 65)


def test_outage_without_end_ends_the_sync(connected):
    """After ten tries in a row somebody has to look; the next sync is a new one."""
    job = SyncJob.objects.create(failures=9)
    connected.faults.extend([503] * 4)
    run_sync(job)
    assert (job.state, job.error_code) == ("failed", "huntflow_unreachable")
    assert synced().state == "done"


def test_dead_token_ends_the_sync_with_the_cure(connected):
    """Trying again cannot help."""
    connected.expired, connected.may_renew = True, False
    job = synced()
    assert (job.state, job.error_code) == ("failed", "huntflow_authorization")
    assert "connect it anew" in job.error_message


def test_unexpected_error_is_logged_without_its_message(connected, monkeypatch, caplog):
    """A database says in its errors which row it did not like, and a row is a candidate."""

    def broken(*_):
        raise DatabaseError(ROW)

    monkeypatch.setattr(mirror, "put_applicants", broken)
    with caplog.at_level(logging.INFO):
        job = synced()
    assert (job.state, job.error_code, job.error_message) == (
        "failed",
        "unexpected",
        "DatabaseError",
    )
    assert "in broken" in caplog.text
    assert "canary" not in caplog.text


def test_who_lost_the_claim_writes_nothing_more(connected):
    """A process that slept for minutes wakes up and must not undo what its successor did."""
    job = SyncJob.objects.create()

    def taken_over():
        SyncJob.objects.filter(stage="applicants").update(runner="elsewhere/1/x")
        return True

    run_sync(job, taken_over)
    assert (job.is_open, job.stage, job.page) == (True, "applicants", 1)
    assert Applicant.objects.count() == 0
    assert job.runner == "elsewhere/1/x"


def test_two_processes_do_not_work_at_one_sync(connected):
    """The second one leaves it alone as long as the first one lives."""
    job = SyncJob.objects.create()
    assert claim(job)
    assert run_sync(job) == 0
    assert connected.seen == []


@pytest.mark.parametrize(
    ("runner", "steps"),
    [
        (f"{socket.gethostname()}/{{dead}}/x", 8),
        (f"{socket.gethostname()}/1/x", 0),
        ("another-host/{dead}/x", 0),
    ],
)
def test_only_the_claim_of_a_process_known_to_be_dead_ends_before_its_time(
    connected, runner, steps
):
    """Nobody waits minutes after a kill; of other hosts nothing is known."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    until = timezone.now() + timedelta(minutes=5)
    job = SyncJob.objects.create(runner=runner.format(dead=ended.pid), runner_until=until)
    assert run_sync(job) == steps
    SyncJob.objects.filter(is_open=True).update(runner_until=timezone.now())
    job.refresh_from_db()
    assert run_sync(job) == 8 - steps


def test_job_of_a_finished_sync_is_left_alone(connected):
    """A task that Celery delivers twice."""
    job = synced()
    assert run_sync(job) == 0


def test_at_most_one_sync_is_open(connected, user):
    """Who asks while one is open gets that one."""
    assert request_sync(user) == request_sync(user)
    assert request_sync().requested_by == user
    while background_work():
        pass
    assert SyncJob.objects.get().state == "done"
    nightly()
    assert SyncJob.objects.filter(is_open=True).count() == 1


def test_task_does_the_whole_sync_once(connected):
    """Celery may deliver it twice, or when the job is gone."""
    job = request_sync()
    for _ in range(2):
        sync.delay(job.pk)
    sync.delay(job.pk + 1)
    job.refresh_from_db()
    assert (job.state, job.seen) == ("done", 74)


def test_night_without_a_connection_asks_for_nothing(db):
    """An installation without Huntflow has no failed syncs to wonder about."""
    nightly()
    assert background_work() == 0
    assert not SyncJob.objects.exists()


@pytest.mark.parametrize("item", [{"id": "x"}, {"id": 1, "tags": 5}])
def test_answer_that_breaks_the_description_ends_the_sync(connected, contract, item):
    """Half a mirror is not written: the page is dropped as a whole."""
    connected.applicants[65] = item | {"id": item["id"]}
    job = synced()
    assert (job.state, job.error_code) == ("failed", "huntflow_unexpected")
    assert Applicant.objects.count() == 60
    del connected.seen[:]  # the fixture would find what is wrong on purpose
