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
    config.pluginmanager.register(_Recorder(Path(os.environ[RESULTS_VARIABLE])))


class _Recorder:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._worst: dict[str, pytest.TestReport] = {}
        self._seconds: dict[str, float] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            detail = _last_line(report.longreprtext)
            self._write(test=report.nodeid or "collection", outcome="error", detail=detail)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._write(collected=[item.nodeid for item in session.items])

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
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")


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
