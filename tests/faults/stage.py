"""Installations to be struck: prepared once for each scenario, then copied for each case."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import nothing_runs
from tests.faults.scenarios import Scenario
from tests.faults.server import Server, address_of, copy_of, server_of
from tests.support.ferry import Ferry
from tests.support.on_postgresql import write_address
from tests.support.ports import free_port

BASE = tuple(f"note {n}" for n in range(20))
_ENDING_S = 60.0
_LIMIT_S = 400.0
"""For a command that hangs; a machine with much else to do may take its time."""


@dataclass
class Slot:
    """A folder in which one case after the other takes place."""

    top: Path
    ferry: Ferry
    server: Server | None = None
    """Where its database is, unless that is a file."""

    @property
    def server_port(self) -> int:
        return self.server.port if self.server else 0

    @property
    def environment(self) -> dict[str, str]:
        """The temporary folder is inside, so that what is left there is seen."""
        (self.top / "tmp").mkdir(exist_ok=True)
        kept = {**os.environ, "PYTHONWARNINGS": "", "TMPDIR": str(self.top / "tmp")}
        return {**kept, "PYTHONDONTWRITEBYTECODE": ""}

    def parom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of Parom, to its end."""
        return self._run("parom.cli.main", ("--config", str(self.ferry.config), *arguments), {})

    def engine(self, command: str, **faults: str) -> subprocess.CompletedProcess[str]:
        """An engine with faults, to its end."""
        return self._run("tests.faults.engine", (str(self.ferry.config), command, "main"), faults)

    def _run(
        self, module: str, arguments: tuple[str, ...], faults: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        out, err = self.top / "out.txt", self.top / "err.txt"
        # Files, not pipes: what an ended engine leaves behind must not keep us waiting.
        with out.open("w") as stdout, err.open("w") as stderr:
            ran = subprocess.run(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                timeout=_LIMIT_S,
                check=False,
                env={**self.environment, **faults},
            )
        return subprocess.CompletedProcess(
            ran.args, ran.returncode, out.read_text(), err.read_text()
        )


def prepare(scenario: Scenario, folder: Path) -> Slot:
    """Make the installation that the scenario starts from; its services run."""
    slot = Slot(folder, scenario.make(folder))
    if scenario.has_server:
        slot.server = server_of(folder)
        slot.server.make()
        write_address(slot.ferry.root, slot.server.address)
    scenario.source(slot.ferry, 1)
    if scenario.starts_from == 0:
        return slot
    if scenario.layout == "in-place":
        # As the team left it: Parom sees it for the first time in the run that is struck.
        slot.ferry.install_by_hand(1, notes=len(BASE))
        shutil.copytree(
            slot.ferry.source / "checks", slot.ferry.root / "checks", dirs_exist_ok=True
        )
    else:
        _must(slot, "deploy")
        _add_notes(slot)
    if scenario.starts_from == 2:
        scenario.source(slot.ferry, 2)
        _must(slot, "deploy")
    return slot


def restore(pristine: Path, top: Path, scenario: Scenario) -> Slot:
    """A copy of a prepared installation, at another place and port; nothing runs yet."""
    if top.exists():
        shutil.rmtree(top)
    shutil.copytree(pristine, top, symlinks=True, ignore=_no_sockets)
    for name in ("mark", "process.json"):
        # By the mark processes are known: two installations must not have the same.
        (top / "installation" / ".parom" / "supervisor" / name).unlink(missing_ok=True)
    ferry = Ferry(top, free_port(), scenario.layout)
    text = ferry.config.read_text()
    port = _port_of(text)
    ferry.config.write_text(text.replace(f":{port}", f":{ferry.port}"))
    moved = {str(pristine): str(top), f":{port}": f":{ferry.port}"}
    server = None
    if scenario.has_server:
        server = copy_of(server_of(pristine), top)
        server.start()
        moved |= _tell_application(ferry, server)
    _tell_runs(ferry, moved)
    if scenario.layout == "in-place":
        ferry.write_env()
        for file in (ferry.root / "run").glob("*.pid"):
            file.unlink()
    if not scenario.waits_at:
        scenario.moved(ferry)
    return Slot(top, ferry, server)


def start_services(slot: Slot) -> list[str]:
    """Let a restored installation run; what is wrong."""
    if slot.ferry.layout == "in-place":
        slot.ferry.start_by_hand()
        return []
    ran = slot.engine("services")
    return [f"the services did not start: {ran.stderr}"] if ran.returncode else []


def shut_down(top: Path) -> list[str]:
    """End what runs in a slot, by process and by mark; what is left after that.

    Until nobody has their pids: to a script that looks at a pid file, one that was not yet
    collected by its parent still runs, and after a power cut there is no such thing.
    """
    deadline = time.monotonic() + _ENDING_S
    ended: set[int] = set()
    while (left := nothing_runs(top)) or any(map(_is_uncollected, ended)):
        if time.monotonic() > deadline:
            return left
        pids = {int(one.removeprefix("still runs: ").partition(":")[0]) for one in left}
        for pid in pids:
            _kill(pid)
        ended |= pids
        threading.Event().wait(0.05)
    return []


def take_down(top: Path, *, server: str = "immediate") -> list[str]:
    """End what runs in a slot, and then its database server, in this mode; what is left."""
    left = shut_down(top)
    server_of(top).stop(server)
    return left


def cut_power(slot: Slot) -> None:
    """Everything ends at once, and the machine starts again with what its system starts."""
    shut_down(slot.top)
    if slot.server:
        slot.server.stop()
        slot.server.start()


def _add_notes(slot: Slot) -> None:
    if slot.server is None:
        slot.ferry.add_notes(len(BASE))
        return
    with slot.server.connect() as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO notes_note (text) VALUES (%s)", [(one,) for one in BASE])


def _tell_application(ferry: Ferry, server: Server) -> dict[str, str]:
    """The application of a copy is to use the copy's server; what has become of its address."""
    env = ferry.root / "shared" / ".env"
    before = env.read_text(encoding="utf-8").strip().partition("=")[2]
    write_address(ferry.root, server.address)
    port = before.rpartition(":")[2].partition("/")[0]
    assert before == address_of(int(port))
    return {f":{port}/": f":{server.port}/"}


def _tell_runs(ferry: Ferry, moved: dict[str, str]) -> None:
    """A run knows the place where it began; its copy is to know its own."""
    journal = ferry.root / ".parom" / "journal.sqlite3"
    if not journal.exists():
        return
    with contextlib.closing(sqlite3.connect(journal)) as connection, connection:
        for before, after in moved.items():
            connection.execute("UPDATE journal_run SET plan = replace(plan, ?, ?)", (before, after))


def _is_uncollected(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:  # it is gone
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself


def _must(slot: Slot, *arguments: str) -> None:
    ran = slot.parom(*arguments)
    if ran.returncode:
        message = f"the stage could not be set: {arguments}: {ran.stdout[-2000:]}{ran.stderr}"
        raise RuntimeError(message)


def _no_sockets(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if Path(folder, name).is_socket()}


def _port_of(config: str) -> str:
    return config.partition('bind = "127.0.0.1:')[2].partition('"')[0]


def reached(slot: Slot) -> str:
    """Where the engine died, or which writes it made."""
    file = slot.top / "reached"
    return file.read_text() if file.exists() else ""


def run_state(slot: Slot) -> str:
    """What `parom status` says of the run."""
    ran = slot.parom("status", "--json")
    return str(json.loads(ran.stdout)["state"]) if ran.returncode == 0 else ran.stdout
