"""Work that a request starts."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.core import background
from apps.core.tasks import one_round
from config import schedule
from logic.base.errors import MissingRateError


def no_rate():
    raise MissingRateError("There is no rate for PLN.")


@pytest.mark.django_db
def test_without_a_broker_it_is_done_at_once():
    """The small installation has no workers."""
    over = timezone.now() - timezone.timedelta(days=1)
    Session.objects.create(session_key="over", session_data="", expire_date=over)
    assert background.start("apps.core.tasks.scheduled", "clear-sessions")
    assert not Session.objects.exists()


def test_round_goes_on_while_there_is_something_to_do(monkeypatch):
    """A part is small, so that nobody waits for its transaction."""
    left = [3, 2, 1, 0]
    monkeypatch.setattr(sys.modules[__name__], "no_rate", lambda: left.pop(0))
    monkeypatch.setitem(schedule.ROUNDS, "mine", f"{__name__}.no_rate")
    one_round("mine")
    assert left == []


def test_round_that_cannot_go_on_is_one_line(monkeypatch, caplog):
    """It comes every few seconds: a traceback each time would bury the log."""
    monkeypatch.setitem(schedule.ROUNDS, "mine", f"{__name__}.no_rate")
    one_round("mine")
    (record,) = caplog.records
    assert record.getMessage() == "mine cannot go on: There is no rate for PLN."
    assert record.exc_info is None


START = """
import django; django.setup()
from apps.core import background
try:
    background.start("apps.core.tasks.scheduled", "clear-sessions")
except background.BrokerAwayError as problem:
    print(problem.status_code, problem.__cause__)
"""


def test_broker_that_is_away_is_503():
    """Not a 500, and never as if it had been started."""
    away = {"HRHELPER_BROKER_URL": "redis://:canary@127.0.0.1:1/0"}
    variables = os.environ | away | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", START]
    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, env=variables, check=False, capture_output=True, text=True
    )
    assert ran.stdout.strip() == "503 None", ran.stderr
    assert "canary" not in ran.stdout + ran.stderr
