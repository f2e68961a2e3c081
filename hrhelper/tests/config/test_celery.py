"""Celery as it is set up: eager without a broker, the table for beat, no cost at the start."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings

from config import celery, schedule
from config.schedule import ROUNDS, SCHEDULE, WEEKDAYS, At

HEAVY = ("celery", "kombu", "redis", "httpx", "google", "googleapiclient")
TASKS = sorted(
    ".".join(file.relative_to(settings.BASE_DIR).with_suffix("").parts)
    for file in Path(settings.BASE_DIR, "apps").glob("*/tasks.py")
)


def test_tasks_are_done_at_once_without_a_broker():
    """`make run` has no Redis."""
    assert celery.app.conf.task_always_eager is True


def test_beat_reads_the_same_table(monkeypatch):
    """Monday is 0 in the table and 1 for Celery."""
    monkeypatch.setitem(
        schedule.SCHEDULE, "rates", schedule.Entry("builtins.list", At((11, 16), WEEKDAYS))
    )
    made = celery.beat_schedule()
    assert set(made) == {*SCHEDULE, *(f"round-{name}" for name in ROUNDS)}
    assert made["rates"]["args"] == ["rates"]
    assert made["rates"]["schedule"] == crontab(minute="0", hour="11,16", day_of_week="1-5")
    assert made["clear-sessions"]["schedule"] == 600


def test_only_json_is_taken_from_the_broker():
    """Pickle would run what anybody writes there."""
    assert celery.app.conf.accept_content == ["json"]


@pytest.mark.parametrize("module", TASKS)
def test_tasks_belong_to_this_celery_whoever_imports_them_first(module):
    """`shared_task` of an application that is not loaded would look for a broker elsewhere."""
    seen = in_a_process_of_its_own(
        f"import {module}; from celery import current_app; print(current_app.main)"
    )
    assert seen == "hrhelper"


def test_settings_hold_in_every_thread():
    """gunicorn answers in threads, and only one of them imports this first."""
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: current_app.main).result() == "hrhelper"


def test_web_starts_without_what_its_first_request_does_not_need():
    """Each of these would make every start, and so every deployment, longer."""
    code = f"import config.wsgi; print(json.dumps([n for n in {HEAVY} if n in sys.modules]))"
    assert json.loads(in_a_process_of_its_own(code)) == []


def in_a_process_of_its_own(code):
    """What it prints, with Django set up as the web has it."""
    ready = "import json, sys, django; django.setup();"
    variables = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", f"{ready} {code}"]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=variables, check=True, capture_output=True, text=True
    ).stdout.strip()
