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
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from parom.appside.answers import failed_migration, problem_of
from parom.appside.migration_run import MigrationRun, run_of
from parom.appside.stray import end_stray, note, running, wait_for_stray
from parom.environment import clean_environment
from parom.errors import application as errors

_ASK_EVERY_S = 0.5
_LEAVING_S = 2.0
"""How long a process that was not released may take to leave by itself."""


class Migrator:
    """One migration process. `record` keeps its pid, `log` its output.

    `argv` is completed by the descriptor on which the process says that it is ready. Its
    output goes to the log alone: a pipe to Parom would break, and with it the migration,
    when Parom dies.
    """

    def __init__(
        self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], record: Path, log: Path
    ) -> None:
        self._argv, self._cwd, self._env = list(argv), cwd, dict(env)
        self._record, self._log = record, log
        self._answer = record.with_suffix(".answer")
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = -1
        self._released = False

    def __enter__(self) -> Migrator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abandon()

    @staticmethod
    def running(record: Path) -> bool:
        """Whether the process that `record` names still runs; absent means no."""
        return running(record)

    def start(self) -> None:
        """Begin to load the application; a second call finds it begun.

        Waits first for a process that an earlier Parom released. Raises
        `application.migration-still-runs`, or `application.no-answer` where there is no
        such interpreter.
        """
        if self._process is not None:
            return
        wait_for_stray(self._record)
        self._answer.unlink(missing_ok=True)
        self._ready, theirs = os.pipe()
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._process = subprocess.Popen(
                [*self._argv, str(theirs)],
                cwd=self._cwd,
                env=clean_environment(self._env),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(theirs,),
                start_new_session=True,
            )
        except OSError as problem:
            self._close_ready()
            raise errors.no_answer("migrate", str(problem)) from None
        finally:
            os.close(log)
            os.close(theirs)
        try:
            note(self._process.pid, self._record)
        except OSError:
            # A full disk. Nobody would know it again, so it must not stay.
            self.abandon()
            raise

    def wait_until_ready(self, timeout_s: float) -> None:
        """Until Django is loaded. What is not ready in time is ended.

        Raises `application.does-not-load`, `application.failed`, `application.too-slow` or,
        where it ended without a word, `application.migration-died`.
        """
        process = self._started()
        if self._ready < 0:
            return
        deadline, said = time.monotonic() + timeout_s, b""
        while not said.endswith(b"ready\n"):
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._ready], [], [], left)[0]:
                self.abandon()
                raise errors.too_slow("migrate", timeout_s)
            chunk = os.read(self._ready, 64)
            if not chunk:
                self._raise_why_it_left(process)
            said += chunk
        self._close_ready()

    def go(
        self,
        give_up: Callable[[], str] = lambda: "",
        meanwhile: Callable[[], None] = lambda: None,
    ) -> MigrationRun:
        """Migrate now, to the end. `give_up` is asked again and again who wants it ended;
        `meanwhile` is called once, when it has been told to go.

        Raises `application.migration-failed`, `application.lock-not-available`,
        `application.migration-died` or, where somebody wanted it ended,
        `application.migration-ended`.
        """
        process = self._started()
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._released = True
        # It may have died while it waited: then its answer, or its status, says why.
        with suppress(BrokenPipeError):
            os.write(process.stdin.fileno(), b"go\n")
        process.stdin.close()
        meanwhile()
        who = _wait(process, give_up)
        if who:
            end_stray(self._record)
            self._process = None
            raise errors.migration_ended(who)
        self._process = None
        self._close_ready()
        answer = self._read_answer(process.returncode)
        self._record.unlink(missing_ok=True)
        if "error" in answer:
            raise failed_migration(answer, self._env, self._log)
        if answer.get("abandoned"):
            raise errors.migration_died(process.returncode, str(self._log))
        return run_of(answer)

    def abandon(self) -> None:
        """End a process that was not released; nothing is touched. May be repeated.

        One that was released goes on to its end: its record stays for `wait_for_stray`.
        """
        process, self._process = self._process, None
        self._close_ready()
        if process is None:
            return
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        process.stdin.close()
        if self._released:
            return
        try:
            process.wait(_LEAVING_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._record.unlink(missing_ok=True)
        self._answer.unlink(missing_ok=True)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            message = "the migration process was not started"
            raise RuntimeError(message)
        return self._process

    def _close_ready(self) -> None:
        if self._ready >= 0:
            os.close(self._ready)
            self._ready = -1

    def _raise_why_it_left(self, process: subprocess.Popen[bytes]) -> None:
        try:
            code = process.wait(_LEAVING_S)
            answer = self._read_answer(code)
        except subprocess.TimeoutExpired:
            raise errors.too_slow("migrate", _LEAVING_S) from None
        finally:
            self.abandon()
        raise problem_of("migrate", answer["error"], self._env)

    def _read_answer(self, exit_code: int) -> dict[str, Any]:
        answer = _answer_at(self._answer)
        if answer is None:
            raise errors.migration_died(exit_code, str(self._log))
        self._answer.unlink()
        return answer


def finished_run(record: Path) -> MigrationRun | None:
    """What a process that nobody waited for said at its end; None where it did not finish."""
    answer = _answer_at(record.with_suffix(".answer"))
    if answer is None or "error" in answer or answer.get("abandoned"):
        return None
    return run_of(answer)


def forget_answer(record: Path) -> None:
    """Remove what a process that nobody waited for said at its end; absent is fine."""
    record.with_suffix(".answer").unlink(missing_ok=True)


def _wait(process: subprocess.Popen[bytes], give_up: Callable[[], str]) -> str:
    """Wait for the end, at once when it comes; who wants it ended, if anybody did."""
    end = os.pidfd_open(process.pid)
    try:
        while not select.select([end], [], [], _ASK_EVERY_S)[0]:
            who = give_up()
            if who:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return who
        process.wait()
        return ""
    finally:
        os.close(end)


def _answer_at(file: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
