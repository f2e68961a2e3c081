"""Which processes are the services of an installation that scripts start.

Two kinds are known for certain: those with Parom's mark, and those that listen on the
installation's address and run in its folder. Before Parom started anything there is a third:
what runs the installation's own code in its folder and was left behind by a script that has
ended. A person at a terminal and a command that somebody waits for (cron, a build) are none
of these: they are left alone, and if they hold the database, the stop refuses and names them.
See `docs/explanation/services-and-gateway.md`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from parom.adapters.services.listening import listeners
from parom.adapters.services.processes import marked
from parom.adapters.services.scripts_installation import ScriptedInstallation
from parom.adapters.services.scripts_mark import MARK, mark_for

T = TypeVar("T")
_PYTHON = Path(".venv") / "bin" / "python"


@dataclass(frozen=True)
class Found:
    """The services now, by what they do. `strangers` listen on the address and are not ours."""

    web: tuple[psutil.Process, ...] = ()
    others: tuple[psutil.Process, ...] = ()
    strangers: tuple[psutil.Process, ...] = ()

    @property
    def all(self) -> tuple[psutil.Process, ...]:
        return (*self.web, *self.others)


def find(installation: ScriptedInstallation, leave_out: Iterable[psutil.Process] = ()) -> Found:
    """Look at all processes that we may see; `leave_out` with their children are none."""
    known = set(marked(MARK, mark_for(installation.state, "services")))
    left_out = with_children(leave_out)
    not_services = {*_own(known), *left_out}
    heard = [one for one in listeners(installation.address) if one not in left_out]
    web = {one for one in heard if one in known or _runs_in(installation, one)} - not_services
    everything = {*known, *web, *_left_behind(installation)} - not_services
    everything = _completed(everything, not_services)
    web = with_children(web) & everything
    return Found(
        web=_sorted(web),
        others=_sorted(everything - web),
        strangers=_sorted(one for one in heard if one not in everything),
    )


def with_children(processes: Iterable[psutil.Process]) -> set[psutil.Process]:
    found: set[psutil.Process] = set()
    for one in processes:
        found.add(one)
        found |= set(_asked(lambda one=one: one.children(recursive=True), []))  # type: ignore[misc]
    return found


def _own(known: set[psutil.Process]) -> set[psutil.Process]:
    """This process, those it descends from, and those it started for itself."""
    this = psutil.Process()
    started = set(this.children(recursive=True)) - with_children(known)
    return {this, *_ancestors(this), *started}


def _ancestors(process: psutil.Process) -> Iterator[psutil.Process]:
    """One by one: the command that started an engine may end this moment, and whoever started
    that is no ancestor any more."""
    parent = _asked(process.parent, None)
    while parent is not None:
        yield parent
        parent = _asked(parent.parent, None)


def _runs_in(installation: ScriptedInstallation, process: psutil.Process) -> bool:
    """Whether it works in the installation's folder, or its program lies there."""
    top, state = installation.running_path.resolve(), installation.state.resolve()
    here = _asked(lambda: Path(process.cwd()), None)
    if here is not None and _inside(here, top, state):
        return True
    # As it was called, since the interpreter is a link that leads out of the folder.
    program = Path(_asked(lambda: process.cmdline()[0], ""))
    places = (top, installation.running_path)
    return program.is_absolute() and any(_inside(program, place, state) for place in places)


def _left_behind(installation: ScriptedInstallation) -> set[psutil.Process]:
    """What runs the installation's own interpreter there, and nobody waits for."""
    interpreter = os.path.realpath(installation.running_path / _PYTHON)
    top = installation.running_path.resolve()
    candidates = set()
    for one in psutil.process_iter():
        program = _asked(one.exe, "")
        is_ours = program and (program == interpreter or Path(program).is_relative_to(top))
        if is_ours and _runs_in(installation, one) and not _at_a_terminal(one):
            candidates.add(one)
    return {one for one in candidates if not _waited_for(one, candidates)}


def _at_a_terminal(process: psutil.Process) -> bool:
    """Whether a person types into it."""
    try:
        return os.readlink(f"/proc/{process.pid}/fd/0").startswith(("/dev/pts/", "/dev/tty"))  # noqa: PTH115
    except OSError:
        return False


def _waited_for(process: psutil.Process, candidates: set[psutil.Process]) -> bool:
    """Whether its parent lives in the same session and is none of the installation's own.

    What a script leaves behind is handed to the first process of the machine, or to another
    that collects orphans, in a session of its own.
    """
    parent = _asked(process.parent, None)
    if parent is None or parent.pid == 1 or parent in candidates:
        return False
    try:
        return os.getsid(parent.pid) == os.getsid(process.pid)
    except OSError:
        return False


def _completed(
    processes: set[psutil.Process], not_services: set[psutil.Process]
) -> set[psutil.Process]:
    """With their children, and with what was started together with them.

    A process group is one job: where its leader has ended or is ours, its members are ours.
    """
    complete = with_children(processes)
    groups = {group for one in processes if (group := _group(one)) is not None}
    numbers = {one.pid for one in complete}
    jobs = {group for group in groups if group in numbers or not psutil.pid_exists(group)}
    jobs.discard(os.getpgrp())
    complete |= {one for one in psutil.process_iter() if _group(one) in jobs}
    return complete - not_services


def _group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except OSError:
        return None


def _inside(path: Path, top: Path, state: Path) -> bool:
    return path.is_relative_to(top) and not path.is_relative_to(state)


def _sorted(processes: Iterable[psutil.Process]) -> tuple[psutil.Process, ...]:
    return tuple(sorted(processes, key=lambda one: one.pid))


def _asked(question: Callable[[], T], otherwise: T) -> T:
    """The answer; `otherwise` where the process has ended, or does not tell us."""
    try:
        return question()
    except (psutil.Error, OSError, IndexError):
        return otherwise
