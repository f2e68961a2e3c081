"""`make run` on a small machine: SQLite, no Redis, and background work done at once."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from releases import TREE
from tests.releases.conftest import Release, free_port, status_of, wait_until
from tests.releases.large import ask, members

NOT_CLONED = (
    ".venv", "__pycache__", "*.mo.*", "db.sqlite3*", ".env*", "logs", "media", "run", "staticfiles",
    ".*_cache", ".hypothesis",
)  # fmt: skip
HAND_OVER = """
from django.contrib.sessions.models import Session
from django.utils import timezone
from apps.core.background import start
over = timezone.now() - timezone.timedelta(days=1)
Session.objects.create(session_key="over", session_data="", expire_date=over)
start("apps.core.tasks.scheduled", "clear-sessions")
print(Session.objects.filter(session_key="over").count())
"""


@pytest.fixture
def small(tmp_path):
    """A fresh clone whose virtual environment has been made; nothing is set."""
    tree = tmp_path / "hrhelper"
    shutil.copytree(TREE, tree, ignore=shutil.ignore_patterns(*NOT_CLONED))
    (tree / ".venv").symlink_to(sys.prefix)
    return Release(tree, {"HOME": str(tmp_path)})


@pytest.fixture
def served(small):
    """`make run`, until its first answer; without making the environment, which is there."""
    port = free_port()
    with (small.tree / "make.log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run", "--old-file=.venv/done", f"BIND=127.0.0.1:{port}"],
            cwd=small.tree,
            env=small.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until(
            lambda: process.poll() is not None or status_of(port, "/readyz") == 200, "an answer"
        )
        assert process.poll() is None, (small.tree / "make.log").read_text("utf-8")
        yield port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
        wait_until(lambda: not members(process.pid), "the end of the web service")


def test_it_runs_without_redis(served, small):
    """Health names no part that is not there, and example data are served."""
    status, _, said = ask(served, "GET", "/api/v1/health/", None, {})
    assert status == 200
    assert said["parts"] == {"database": "ok", "migrations": "ok", "disk": "ok"}
    small.manage("ensure_api_token", "--username", "olga", "--file", "headers")
    name, value = (small.tree / "headers").read_text("ascii").strip().split(": ", 1)
    status, _, said = ask(served, "GET", "/api/v1/vacancies/", None, {name: value})
    assert (status, said["count"]) == (200, 200)


def test_its_worker_derives_the_other_currencies(served, small):
    """Whoever looks at the example salaries sees them in all currencies, soon."""
    small.manage("ensure_api_token", "--username", "olga", "--file", "headers")
    name, value = (small.tree / "headers").read_text("ascii").strip().split(": ", 1)
    address = "/api/v1/finance/salary-ranges/?page_size=200"

    def all_derived():
        ranges = ask(served, "GET", address, None, {name: value})[2]["results"]
        return all(len(one["amounts"]) == 3 for one in ranges)

    wait_until(all_derived, "the amounts of all ranges")


def test_task_is_done_when_it_has_been_handed_over(served, small):
    """There is nobody else to do it."""
    assert small.manage("shell", "-v0", "-c", HAND_OVER).split() == ["0"]
