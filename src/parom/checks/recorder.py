"""Loaded into the pytest of functional checks: writes down what was found and how each went.

One JSON document a line, as it happens: a run that is cut short leaves what it knew, and
what it did not get to is known to be missing. (pytest's own report is written at the end.)
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from parom.checks.result import RESULTS_VARIABLE

_SHOWN = 300


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Recorder())


class _Recorder:
    """Where to write is known at the latest when the first check runs."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._worst: dict[str, pytest.TestReport] = {}
        self._seconds: dict[str, float] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            detail = _last_line(report.longreprtext)
            self._write(test=report.nodeid or "collection", outcome="error", detail=detail)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._write(collected=[item.nodeid for item in session.items])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """What was collected is written before anything runs, and may end the process."""
        self._flush()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Set-up, call and teardown come one by one; the first that did not pass is told."""
        name = report.nodeid
        self._seconds[name] = self._seconds.get(name, 0.0) + report.duration
        if not report.passed:
            self._worst.setdefault(name, report)
        if report.when == "teardown":
            told = self._worst.get(name)
            self._write(
                test=name,
                outcome=told.outcome if told else "passed",
                detail=_why(told) if told else "",
                seconds=self._seconds[name],
            )

    def _write(self, **line: object) -> None:
        self._kept.append(json.dumps(line) + "\n")
        if RESULTS_VARIABLE in os.environ:
            self._flush()

    def _flush(self) -> None:
        with Path(os.environ[RESULTS_VARIABLE]).open("a", encoding="utf-8") as out:
            out.writelines(self._kept)
        self._kept.clear()


def _why(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return " ".join(str(crash.message).split())[:_SHOWN]
    if report.skipped and isinstance(report.longrepr, tuple):
        return report.longrepr[2][:_SHOWN]
    return _last_line(report.longreprtext)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].removeprefix("E").strip()[:_SHOWN] if lines else ""
