"""The process that migrates: loaded before the stop, released by one line.

Should Parom die before `go`, the process reads the end of its input and leaves. Should it
die afterwards, the process goes on to its end; its pid is on disk, so that who comes next
can wait for it and then read what happened from the database.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from parom.durable import write_atomically
from parom.environment import clean_environment
from parom.errors import application as errors
from parom.facts import Migration


@dataclass(frozen=True)
class MigrationRun:
    """How long all of it took, and each migration, in seconds."""

    seconds: float
    applied: tuple[tuple[Migration, float], ...]


class Migrator:
    """One migration process. `record` keeps its pid, `log` its output."""

    def __init__(
        self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], record: Path, log: Path
    ) -> None:
        self._argv, self._cwd, self._env = list(argv), cwd, dict(env)
        self._record, self._log = record, log
        self._answer = record.with_suffix(".answer")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._answer.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv,
                cwd=self._cwd,
                env=clean_environment(self._env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        started = psutil.Process(self._process.pid).create_time()
        mark = json.dumps({"pid": self._process.pid, "started": started})
        write_atomically(self._record, mark.encode(), 0o600)

    def wait_until_ready(self, timeout_s: float) -> None:
        """Until Django is loaded. Raises `application.does-not-load` where it cannot be."""
        process = self._running()
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        deadline, seen = time.monotonic() + timeout_s, b""
        while b"ready\n" not in seen:
            left = deadline - time.monotonic()
            readable = left > 0 and select.select([process.stdout], [], [], left)[0]
            chunk = os.read(process.stdout.fileno(), 65536) if readable else b""
            if not chunk:
                self._raise_for_answer()
            seen = (seen + chunk)[-65536:]

    def go(self) -> MigrationRun:
        """Migrate now. Raises `application.migration-failed` or `application.migration-died`."""
        process = self._running()
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        drain = threading.Thread(target=self._drain, args=(process,), daemon=True)
        drain.start()
        process.stdin.write(b"go\n")
        process.stdin.close()
        process.wait()
        drain.join()
        self._process = None
        answer = self._read_answer(process.returncode)
        self._record.unlink(missing_ok=True)
        if "error" in answer:
            raise errors.migration_failed(answer["error"].get("migration", ""), answer["error"])
        applied = tuple((Migration(app, name), spent) for app, name, spent in answer["applied"])
        return MigrationRun(answer["seconds"], applied)

    def abandon(self) -> None:
        """End the process before it was told to go; nothing is touched. May be repeated."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        self._record.unlink(missing_ok=True)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            message = "the migration process was not started"
            raise RuntimeError(message)
        return self._process

    def _drain(self, process: subprocess.Popen[bytes]) -> None:
        out = process.stdout
        assert out is not None  # noqa: S101
        with self._log.open("ab") as log:
            while chunk := os.read(out.fileno(), 65536):
                log.write(chunk)
        out.close()

    def _raise_for_answer(self) -> None:
        process = self._running()
        code = process.wait(timeout=10) if process.poll() is None else process.returncode
        answer = self._read_answer(code)
        self.abandon()
        raise errors.does_not_load(answer["error"])

    def _read_answer(self, exit_code: int) -> dict[str, Any]:
        try:
            text = self._answer.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise errors.migration_died(exit_code, str(self._log)) from None
        self._answer.unlink()
        return dict(json.loads(text))


def wait_for_stray(record: Path) -> None:
    """Wait until the process that `record` names has ended; absent or ended is fine."""
    try:
        mark = json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    try:
        process = psutil.Process(mark["pid"])
        if process.create_time() == mark["started"]:
            process.wait()
    except psutil.NoSuchProcess:
        pass  # it has ended: that is what was waited for
    record.unlink(missing_ok=True)
