"""The user's own pytest files, run against a base URL."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from parom.checks.headers import write_headers
from parom.checks.result import (
    BASE_URL_VARIABLE,
    HEADERS_VARIABLE,
    LOADED_VARIABLE,
    RESULTS_VARIABLE,
    CheckResult,
)
from parom.facts import Finished
from parom.ports import Begun, Host
from parom.scratch import scratch_folder
from parom.words.said import said

_WHOLE = said("functional checks")
_SHORTEST_SECRET = 6
_EVERY_S = 0.02


class FunctionalChecks:
    """The tests below a folder (or of a file), run once with Parom's interpreter.

    `load` starts the process ahead, while the public is still served: importing pytest, a client
    and what the checks import from outside takes longer than most checks. Whoever does not load has
    it loaded by `run`.
    """

    def __init__(self, checks: Path, host: Host) -> None:
        self._checks, self._host = checks, host
        self._begun: Begun | None = None
        self._running: Begun | None = None
        self._scratch: TemporaryDirectory[str] | None = None
        self._is_cut = False

    def load(self) -> None:
        """Start the process; it runs nothing until it is told where. May be repeated."""
        if self._begun is None:
            self._scratch = scratch_folder("checks")
            self._begun = self._host.begin(
                _command(self._checks, self._folder),
                cwd=self._folder,
                env={
                    # Only what the checks need is loaded: the public may be waiting.
                    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                    LOADED_VARIABLE: str(_loaded(self._scratch)),
                },
            )

    def wait_until_loaded(self, limit_s: float) -> None:
        """Wait until the process has imported all that it imports ahead.

        At most for the time given: what takes longer is imported while it runs.
        """
        deadline = time.monotonic() + limit_s
        while self._begun is not None and self._scratch is not None:
            is_there = _loaded(self._scratch).exists()
            if is_there or not self._begun.is_running() or time.monotonic() > deadline:
                return
            time.sleep(_EVERY_S)

    def run(
        self, base_url: str, headers: Mapping[str, str], limit_s: float
    ) -> tuple[CheckResult, ...]:
        """One result a test.

        No test collected, a broken or skipped one, one without a result and the time limit
        are failed checks: missing evidence is never counted as good. The headers travel in a
        file, not in arguments or environment, and their values are masked in what is told.
        """
        self.load()
        begun, self._begun = self._begun, None
        folder, self._scratch = self._scratch, None
        assert begun is not None and folder is not None  # noqa: S101, PT018 - loaded just now
        self._running = begun
        if self._is_cut:
            begun.cut_short()
        with folder as scratch:
            secret, results = Path(scratch) / "headers", Path(scratch) / "results.jsonl"
            write_headers(secret, headers)
            told = {
                BASE_URL_VARIABLE: base_url,
                HEADERS_VARIABLE: str(secret),
                RESULTS_VARIABLE: str(results),
            }
            ran = begun.finish(limit_s, json.dumps(told).encode())
            found = _read(results)
        return tuple(_masked(one, headers) for one in _judged(found, ran, limit_s))

    def cut_short(self) -> None:
        """End a run that another thread waits for; it is a failed one, whatever it had found."""
        self._is_cut = True
        if self._running is not None:
            self._running.cut_short()

    def abandon(self) -> None:
        """End a process that was loaded and is not needed."""
        if self._begun is not None:
            self._begun.abandon()
            self._begun = None
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    @property
    def _folder(self) -> Path:
        return self._checks.parent if self._checks.is_file() else self._checks


def _loaded(scratch: TemporaryDirectory[str]) -> Path:
    return Path(scratch.name) / "loaded"


def run_functional(
    checks: Path, base_url: str, headers: Mapping[str, str], host: Host, limit_s: float
) -> tuple[CheckResult, ...]:
    """Load and run in one; see `FunctionalChecks`."""
    return FunctionalChecks(checks, host).run(base_url, headers, limit_s)


def _command(checks: Path, folder: Path) -> list[str]:
    """pytest without the release's own settings: neither its ini files nor its conftest above."""
    return [
        sys.executable, "-m", "parom.checks.waiting", "-q", "--disable-warnings",
        "-p", "no:cacheprovider", "-p", "parom.checks.plugin", "-p", "parom.checks.recorder",
        "-c", os.devnull, f"--rootdir={folder}", f"--confcutdir={folder}", str(checks),
    ]  # fmt: skip


def _judged(
    found: tuple[list[str], list[CheckResult]], ran: Finished, limit_s: float
) -> list[CheckResult]:
    collected, results = found
    seen = {one.name for one in results}
    results = results + [
        CheckResult(name, False, said("no result: the run ended before it"))
        for name in collected
        if name not in seen
    ]
    if ran.timed_out:
        detail = said("not finished in {limit:g} s", limit=limit_s)
        return [*results, CheckResult(_WHOLE, False, detail, ran.seconds)]
    last = (ran.stdout + ran.stderr).strip()[-300:]
    if not results:
        detail = said("no test was run: {last}", last=last)
        return [CheckResult(_WHOLE, False, detail, ran.seconds)]
    if ran.exit_code != 0 and all(one.passed for one in results):
        detail = said("pytest ended with status {code}: {last}", code=ran.exit_code, last=last)
        return [*results, CheckResult(_WHOLE, False, detail, ran.seconds)]
    return results


def _read(file: Path) -> tuple[list[str], list[CheckResult]]:
    """The collected tests and the results; a line that a killed run left half does not count."""
    collected: list[str] = []
    results = []
    lines = file.read_text(encoding="utf-8").split("\n")[:-1] if file.exists() else []
    for line in map(json.loads, lines):
        if "collected" in line:
            collected = line["collected"]
            continue
        passed = line["outcome"] == "passed"
        detail = "" if passed else f"{line['outcome']}: {line['detail']}"
        results.append(CheckResult(line["test"], passed, detail, line.get("seconds", 0.0)))
    return collected, results


def _masked(result: CheckResult, headers: Mapping[str, str]) -> CheckResult:
    detail = result.detail
    # A header's value may be quoted without its scheme ("Bearer").
    words = {word for value in headers.values() for word in (value, *value.split())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_SECRET and word in detail:
            detail = detail.replace(word, "***")
    return CheckResult(result.name, result.passed, detail, result.seconds)
