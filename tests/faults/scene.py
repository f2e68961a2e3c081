"""What a single fault works with: an installation of version 1 that runs and is written to."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.checker import Expected, check
from tests.faults.scenarios import Scenario
from tests.faults.stage import BASE, Slot, reached
from tests.faults.writer import Writer
from tests.support.waiting import wait_until

Ran = subprocess.CompletedProcess[str]


@dataclass
class Scene:
    """One installation, somebody who writes to it, and what was found so far."""

    slot: Slot
    scenario: Scenario
    writer: Writer
    found: list[str]
    base: tuple[str, ...] = BASE

    def source(self, version: int, *, check: str = "", **faults: str) -> None:
        """Put a version where releases come from; `check` replaces its functional check."""
        self.scenario.write(self.slot.ferry, version, **faults)
        if check:
            (self.slot.ferry.source / "checks" / "test_notes.py").write_text(check)

    def configure(self, table: str, line: str) -> None:
        file = self.slot.ferry.config
        file.write_text(file.read_text().replace(f"[{table}]\n", f"[{table}]\n{line}\n", 1))

    def parom(self, *arguments: str, codes: tuple[int, ...] = (0,), says: str = "") -> Ran:
        """Run a command; another exit code, or other words, are a finding."""
        ran = self.slot.parom(*arguments)
        return self.expect(ran, " ".join(arguments), codes, says)

    def expect(self, ran: Ran, what: str, codes: tuple[int, ...], says: str = "") -> Ran:
        told = ran.stdout[-1800:] + ran.stderr[-1800:]
        if ran.returncode not in codes:
            self.found.append(f"`{what}` ended with {ran.returncode}, not {codes}: {told}")
        if says and says not in ran.stdout + ran.stderr:
            self.found.append(f"`{what}` does not say {says!r}: {told}")
        return ran

    def kill_at(self, point: str, command: str = "deploy") -> None:
        file = self.slot.top / "reached"
        file.unlink(missing_ok=True)
        ran = self.slot.engine(command, FAULT_POINT=point, FAULT_REACHED=str(file))
        (self.slot.top / "migrating").unlink(missing_ok=True)
        if ran.returncode != -signal.SIGKILL or reached(self.slot) != point:
            self.found.append(f"{point} was not reached: {ran.returncode} {ran.stderr[-1500:]}")

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and leave it at work."""
        return subprocess.Popen(
            [sys.executable, "-m", "parom.cli.main", "--config", str(self.slot.ferry.config),
             *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.slot.environment,
        )  # fmt: skip

    @contextlib.contextmanager
    def paused_at(self, point: str, command: str = "deploy") -> Iterator[list[Ran]]:
        """An engine that waits at a point as long as this lasts; afterwards what it ended with
        is in what is yielded."""
        reached, go_on = self.slot.top / "reached", self.slot.top / "go-on"
        ran: list[Ran] = []

        def run() -> None:
            told = {"FAULT_PAUSE": point, "FAULT_REACHED": str(reached)}
            ran.append(self.slot.engine(command, **told))

        running = threading.Thread(target=run)
        running.start()
        try:
            wait_until(lambda: reached.exists() or bool(ran), f"the engine at {point}")
            yield ran
        finally:
            go_on.touch()
            running.join()
            for one in (reached, go_on, self.slot.top / "migrating"):
                one.unlink(missing_ok=True)

    def wait_for(self, kind: str, step: str, limit_s: float = 200) -> None:
        """Until the journal has an event of the newest run."""
        journal = self.slot.ferry.root / ".parom" / "journal.sqlite3"
        wanted = (
            "SELECT count(*) FROM journal_event WHERE kind=? AND step=? AND run_id="
            "(SELECT id FROM journal_run ORDER BY started DESC LIMIT 1)"
        )
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.OperationalError):  # not made yet
                connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=10)
                with contextlib.closing(connection):
                    if connection.execute(wanted, (kind, step)).fetchone()[0]:
                        return
            threading.Event().wait(0.02)
        self.found.append(f"the run never came to {kind} {step}")

    def wait_until_idle(self, limit_s: float = 300) -> None:
        deadline = time.monotonic() + limit_s
        while self.status() != "idle":
            if time.monotonic() > deadline:
                self.found.append(f"the run does not end: {self.status()}")
                return
            threading.Event().wait(0.2)

    def status(self) -> str:
        ran = self.slot.parom("status", "--json")
        return str(json.loads(ran.stdout)["state"]) if ran.returncode == 0 else ran.stderr

    def releases(self) -> list[str]:
        """Ids of the releases, oldest first."""
        ferry = self.slot.ferry
        top = ferry.root / ".parom" if ferry.layout == "in-place" else ferry.root
        found = []
        for record in (top / "releases").glob("*/.parom-release.json"):
            found.append((json.loads(record.read_text())["created"], record.parent.name))
        return [name for _, name in sorted(found)]

    def at_rest(self, version: int, *, writes: bool = True) -> None:
        """Everything is as it must be with that version, and users can write."""
        if self.found:
            return
        if writes and not self.writer.wait_for_more(2, 60):
            self.found.append("nobody can write any more")
        self.writer.stop()
        self.found += check(self._expected(version))
        self.writer.start()

    def next_works(self) -> None:
        if self.found:
            return
        self.source(3)
        self.parom("deploy")
        self.at_rest(3)

    def _expected(self, version: int) -> Expected:
        return Expected(
            top=self.slot.top,
            root=self.slot.ferry.root,
            layout=self.slot.ferry.layout,
            port=self.slot.ferry.port,
            versions=frozenset({version}),
            base=self.base,
            acknowledged=tuple(self.writer.acknowledged),
            attempted=tuple(self.writer.attempted),
            server_port=self.slot.server_port,
        )


def hold_open(database: Path) -> subprocess.Popen[Any]:
    """A stranger that has the database open; it lives until it is ended."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('SELECT count(*) FROM notes_note').fetchone(); print('open', flush=True); "
        "sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def end(process: subprocess.Popen[Any]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
