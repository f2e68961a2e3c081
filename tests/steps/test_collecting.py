"""What goes on beside the looks keeps nobody waiting."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.checks.functional import FunctionalChecks
from parom.config.reading import read
from parom.plan.plan import Kind, Plan
from parom.steps.collecting import Collector
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry
from tests.support.waiting import wait_until

_HANGS = """
import pathlib, threading
def test_hangs():
    pathlib.Path({marker!r}).write_text("begun")
    threading.Event().wait()
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(
        installation=installation_of(read(make_ferry(tmp_path / "ferry").config)),
        plan=Plan(Kind.DEPLOY, "run", "production", (), "release", "a test"),
        results={},
        tell=lambda _kind, _data: None,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )


def test_an_alarm_does_not_wait_for_checks_that_hang(context: Context, tmp_path: Path) -> None:
    """The release that is to go is the one in which they hang, and the public has it until
    they are over: for as long as all checks together may take."""
    checks, marker = tmp_path / "checks", tmp_path / "begun"
    checks.mkdir()
    (checks / "test_hanging.py").write_text(_HANGS.format(marker=str(marker)), "utf-8")
    left = threading.Event()

    def watch() -> None:
        with Collector(context, "watch") as collector:
            collector.begin_checks(FunctionalChecks(checks, LocalHost()), limit_s=3600)
            wait_until(marker.exists, "the check hangs")
        left.set()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    wait_until(left.is_set, "the collector is left")
    thread.join()
