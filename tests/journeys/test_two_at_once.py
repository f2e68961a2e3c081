"""One run at a time, followed from anywhere, ended on request."""

from __future__ import annotations

import json

import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import get
from tests.support.ferry import Ferry, write_project
from tests.support.waiting import wait_until


def at_work(ferry: Ferry) -> str:
    """The step that the run at work is in; empty where none is."""
    now = json.loads(ferry.parom("status", "--json").stdout)
    return str(now["step"]) if now["state"] == "at work" else ""


@pytest.mark.long
def test_second_deployment_is_refused_and_the_first_can_be_aborted(start: Start) -> None:
    """R-13.3; who is told is told who is at work and since when. An abort in the watch is a
    return like any other."""
    watch = "seconds = 300\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1\nshort = true"
    ferry = start(watch=watch)
    write_project(ferry.source, 2)
    assert ferry.parom("deploy", "--detach").returncode == 0
    second = ferry.parom("deploy")
    assert second.returncode == 10
    assert "lease.held" in second.stderr
    assert "is at work on production since 20" in second.stderr
    wait_until(lambda: at_work(ferry) == "watch.run", "the watch begins")
    assert get(ferry, "/health/")["version"] == 2
    aborted = ferry.parom("abort")
    assert aborted.returncode == 20, aborted.stdout + aborted.stderr
    assert get(ferry, "/health/")["version"] == 1
    assert ferry.parom("abort").returncode == 10
