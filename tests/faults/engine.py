"""An engine in a process of its own, with a probe: it dies, or its disk is full, at one point.

`python -m tests.faults.engine CONFIG COMMAND REF`, told by the environment:

FAULT_RECORD   a file that gets the name of every point, as it is reached
FAULT_POINT    the point at which this process ends itself by SIGKILL
FAULT_FULL     the effect from which on writes find the disk full, until there is a file
               `space-again` in the installation's folder
FAULT_BALLAST  the point at which the file system is filled to its last byte
FAULT_PAUSE    the point at which this process waits for a file `go-on` in the installation's
               folder
FAULT_CUT      the statement at which its connection to the server is lost
FAULT_REACHED  a file, outside of a disk that is filled, that says that the point was reached

Points are those of the machine (`step:before-intent`, ...), its checkpoints
(`step:middle-1`, `step:undo-middle-1`, ...), `step:effect-...`: just before a file is
written, renamed, linked or removed, a folder made or a program started, or a statement is sent
that changes something on a PostgreSQL server; `step:effect-sent-...`: just after; and
`step:during-migration`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from parom.config.model import Config
from parom.config.reading import read
from parom.errors import ParomError
from parom.journal.opening import open_journal
from tests.faults.statements import watch_statements

if TYPE_CHECKING:
    from parom.steps.step import Context

_EFFECTS = {
    "os.rename": 1,
    "os.link": 1,
    "os.symlink": 1,
    "os.remove": 0,
    "os.mkdir": 0,
    "os.rmdir": 0,
    "os.truncate": 0,
}
"""Audit events, and which of their arguments names what they change."""
_WRITES_WITHIN_S = 1.0
_NEEDS_SPACE = frozenset({"open", "os.link", "os.symlink", "os.mkdir", "os.rename"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Faults:
    """Numbers the points of one run, writes them down, and acts at the one that is asked for."""

    def __init__(self, top: Path) -> None:
        self._top = str(top)
        self._migrating = top / "migrating"
        """Made by the migration of the test project while it is at work."""
        self._record = os.environ.get("FAULT_RECORD", "")
        self._point = os.environ.get("FAULT_POINT", "")
        self._full_from = os.environ.get("FAULT_FULL", "")
        self._ballast = os.environ.get("FAULT_BALLAST", "")
        self._pause = os.environ.get("FAULT_PAUSE", "")
        self._cut = os.environ.get("FAULT_CUT", "")
        self._reached = os.environ["FAULT_REACHED"]
        self._seen: Counter[str] = Counter()
        self._step = ""
        self._goes_back = False
        self._is_full = False
        self._inside = False

    def probe(self, point: str) -> None:
        """The machine's probe."""
        step, _, at = point.partition(":")
        self._step = step
        if at == "after-intent":
            self._migrating.unlink(missing_ok=True)
        if at.startswith("undo-"):
            self._goes_back = True
        if at == "middle" and self._goes_back:
            # Numbered apart, so that an engine that only goes back names them the same.
            at, point = "undo-middle", f"{step}:undo-middle"
        if at in ("middle", "undo-middle") or point in self._seen:
            self._seen[point] += 1
            point = f"{point}-{self._seen[point]}"
        else:
            self._seen[point] += 1
        self._pass(point)

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """Python's audit hook: told before the effect; what it raises stops the effect."""
        if self._inside or not self._step or self._step == "run":
            return
        where = self._changed(event, arguments)
        if where is None:
            return
        # By what it does, not by its number: threads come and go in another order each time.
        point = f"{self._step}:effect-{event}-{_without_names(where.removeprefix(self._top))}"
        self._seen[point] += 1
        if self._seen[point] == 1:
            self._pass(point)
        if event in _NEEDS_SPACE:
            self._refuse_space(point, where)

    def statement(self, text: str, send: Callable[[], None], cut: Callable[[], None]) -> None:
        """Told before a statement is sent to a server; `send` does so and waits for nothing,
        `cut` ends the connection."""
        if not self._step or self._step == "run":
            return
        name = _without_names(text)
        for kind in ("statement", "sent"):
            point = f"{self._step}:effect-{kind}-{name}"
            self._seen[point] += 1
            if self._seen[point] == 1:
                if kind == "sent" and point in (self._point, self._pause, self._cut):
                    send()
                self._pass(point)
                if point == self._cut:
                    self._write(self._reached, point)
                    cut()

    def watch_migration(self) -> None:
        """Die while a migration is at work: it says so by a file in its own folder."""
        if not self._point.endswith(":during-migration"):
            return
        wanted = self._point.partition(":")[0]

        def look() -> None:
            pause = threading.Event()
            while True:
                if self._step == wanted and self._migrating.exists():
                    self._die(self._point)
                pause.wait(0.005)

        threading.Thread(target=look, daemon=True).start()

    def _changed(self, event: str, arguments: tuple[object, ...]) -> str | None:
        """The path that an event is about to change, where it lies in the installation."""
        if event == "open":
            path, flags = arguments[0], arguments[2]
            if not isinstance(flags, int) or not flags & _WRITING:
                return None
        elif event in _EFFECTS:
            path = arguments[_EFFECTS[event]]
        elif event == "subprocess.Popen":
            return "a program"
        else:
            return None
        if not isinstance(path, str | bytes | os.PathLike):
            return None
        name = os.fsdecode(path)
        # The record of progress is written by time, not by order; it is never evidence.
        foreign = name == str(self._migrating) or "/progress." in name
        return name if name.startswith(self._top) and not foreign else None

    def _refuse_space(self, point: str, where: str) -> None:
        if point == self._full_from and not self._is_full:
            self._is_full = True
            self._write(self._reached, point)
        if self._is_full and not Path(self._top, "space-again").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), where)

    def _fill(self) -> None:
        """Leave no byte free on the file system of the installation."""
        self._inside = True
        with Path(self._top, "ballast").open("wb", buffering=0) as ballast:
            for size in (1 << 20, 4096, 1):
                with contextlib.suppress(OSError):
                    while ballast.write(b"0" * size) == size:
                        pass
        self._inside = False
        self._write(self._reached, self._ballast)

    def _pass(self, point: str) -> None:
        if self._record:
            self._write(self._record, point + "\n")
        if point == self._point:
            self._die(point)
        if point == self._ballast:
            self._fill()
        if point == self._pause:
            self._write(self._reached, point)
            while not Path(self._top, "go-on").exists():
                time.sleep(0.01)

    def _die(self, point: str) -> None:
        self._write(self._reached, point)
        os.kill(os.getpid(), signal.SIGKILL)

    def _write(self, file: str, text: str) -> None:
        self._inside = True
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, text.encode())
        os.close(descriptor)
        self._inside = False


def _without_names(path: str) -> str:
    """A path without what differs from run to run."""
    named = re.sub(r"\d{8}T?-?\d{6}-[0-9a-f]{6,7}(-[0-9a-f]{7})?", "RUN", path)
    named = re.sub(r"^/tmp/[^/]+", "/tmp/ANY", named)
    # A pid may be short.
    named = re.sub(r"\.\d+\.\d+\.parom-new", ".N.N.parom-new", named)
    # Ids first: one may begin with four digits.
    named = re.sub(r"\b[0-9a-f]{8,}\b|\d{4,}", "N", named)
    return re.sub(r"[^\w.-]+", "~", named)


def start_services(config: Config) -> None:
    """As after a reboot, whatever run waits."""
    from parom.wiring import installation_of

    installation = installation_of(config)
    installation.services.start_background()
    installation.gateway.open(None)
    installation.services.start_web()
    installation.gateway.settle()


def _with_more_to_carry(carry_ahead: Callable[[Context], bool]) -> Callable[[Context], bool]:
    """Somebody writes between what is carried ahead and the stop, so that there is something to
    catch up with in each run; where nobody does, it goes on after a second."""

    def carried(context: Context) -> bool:
        is_done = carry_ahead(context)
        database, began = context.installation.database, time.monotonic()
        before = sum(1 for _ in database.captured_rows()) if is_done else 0
        while is_done and time.monotonic() - began < _WRITES_WITHIN_S:
            if sum(1 for _ in database.captured_rows()) > before:
                break
            time.sleep(0.02)
        return is_done

    return carried


def main(arguments: list[str]) -> int:
    config_path, command, ref = Path(arguments[0]), arguments[1], arguments[2]
    config = read(config_path)
    if command == "services":
        start_services(config)
        return 0
    open_journal(config.state)
    from parom.engine.identity import person
    from parom.engine.requests import request_deploy, request_rollback
    from parom.engine.work import work
    from parom.journal.lease import begin_epoch, take_lock
    from parom.journal.record import unfinished
    from parom.steps import preparing, replay
    from parom.wiring import installation_of

    replay._MANY = 0  # few rows are written here, and they are carried ahead all the same
    preparing.carry_ahead = _with_more_to_carry(preparing.carry_ahead)  # type: ignore[attr-defined,assignment]
    faults = Faults(config_path.parent)
    installation = installation_of(config)
    try:
        lock = take_lock(config.state, config.project.environment)
        begin_epoch(config.project.environment, "starting", person(), os.getpid())
        sys.addaudithook(faults.audit)
        faults.watch_migration()
        watch_statements(faults.statement)
        faults.probe("run:before-create")
        if command == "resume":
            waiting = unfinished(config.project.environment)
            assert waiting is not None
            run = waiting
        elif command == "deploy":
            run = request_deploy(installation, ref, person())
        else:
            run = request_rollback(installation, "", person(), "by the fault runs")
        faults.probe("run:after-create")
        outcome = work(run, installation, probe=faults.probe)
        lock.let_go()
        return outcome.exit_code
    except ParomError as problem:
        sys.stderr.write(f"{problem}\n")
        return int(problem.exit_code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
