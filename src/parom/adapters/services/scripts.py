"""Services that the team's own scripts start and stop, judged by processes and ports."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import psutil

from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.adapters.gateways.flag_stand_in import StandIn
from parom.adapters.services.listening import answers_at
from parom.adapters.services.processes import alive, described, end_all, marked, tail_of
from parom.adapters.services.scripts_ending import arguments_of, end_gently, top_of
from parom.adapters.services.scripts_found import Found, find
from parom.adapters.services.scripts_installation import ScriptedInstallation
from parom.adapters.services.scripts_mark import MARK, mark_for
from parom.adapters.services.scripts_private import Begun, PrivateWeb
from parom.errors import services as errors
from parom.facts import PrivateInstance, Process, ServiceState, ServiceStatus
from parom.masking import shown_command
from parom.words.said import said

_EVERY_S, _START_LIMIT_S, _FORCE_S = 0.05, 60.0, 2.0
_ROUNDS = 3
"""How often what came back after it was ended is ended again, before it is reported."""
Seen = dict[psutil.Process, tuple[str, ...]]
"""Processes that a start left behind, with their arguments as they were then."""


class ScriptsServices:
    """The start script starts everything at once, so it runs only when the public comes in:
    whoever writes before that would be forgotten by a return.

    `steady_s` is how long the same processes must live to count as started.
    """

    def __init__(
        self,
        installation: ScriptedInstallation,
        private: PrivateWeb,
        stand_in: StandIn,
        flag: MaintenanceFlag,
        *,
        steady_s: float = 1.5,
    ) -> None:
        self._installation, self._private = installation, private
        self._stand_in, self._flag, self._steady_s = stand_in, flag, steady_s
        self._begun: Begun | None = None

    def status(self) -> tuple[ServiceStatus, ...]:
        """`web` by who listens on the address; what else runs as `background`."""
        found = self._found()
        web = ServiceStatus("web", _state(found.web), _pids(found.web), detail=_named(found.web))
        if not found.web and found.strangers:
            detail = said(
                "{address} is taken by {processes}",
                address=self._installation.address,
                processes=_named(found.strangers),
            )
            web = ServiceStatus("web", ServiceState.STOPPED, detail=detail)
        if not found.others:
            return (web,)
        others = found.others
        return web, ServiceStatus("background", _state(others), _pids(others), 0, _named(others))

    def processes(self) -> frozenset[int]:
        return frozenset(one.pid for one in (*self._found().all, *self._private.processes()))

    def logs(self) -> tuple[Path, ...]:
        return ()

    def check_address(self) -> None:
        found, address = self._found(), str(self._installation.address)
        if found.strangers and not found.web:
            raise errors.port_taken(address, described(found.strangers[0]))
        if found.others and not found.web:
            raise errors.nobody_listens(address, _named(found.others))

    def stop(self) -> None:
        """The stop script is always asked first; what it leaves is ended by what it is."""
        # What runs is looked at before: a service's orphans are not to be found afterwards.
        before = self._found().all
        deadline = time.monotonic() + self._installation.graceful_s
        self._end_old_stop()
        self._installation.ask_to_stop()
        left = self._end(before, deadline)
        self.stop_private()
        if left:
            raise errors.still_running(left)
        if self._flag.is_on():
            self._stand_in.take_place()

    def start_private(self) -> PrivateInstance:
        begun, self._begun = self._begun or self._private.begin(), None
        return self._private.wait(begun)

    def begin_private(self) -> None:
        if self._begun is None:
            self._begun = self._private.begin()

    def stop_private(self) -> None:
        self._begun = None
        self._private.stop()

    def start_background(self) -> None:
        """Nothing yet: the one script starts everything, in `start_web`."""

    def start_web(self) -> None:
        """Run the start script unless the services serve already; verified by who listens."""
        seen: Seen = {} if self._serves() else self._start()
        if self._flag.is_opening():
            self._flag.take_down()
        self._verify_steady(seen)

    def _start(self) -> Seen:
        """Run the script; what it left behind, as `_wait_serving` tells."""
        if self._found().all:
            self.stop()  # half of a start that was interrupted
        self._end_old_stop()
        self._stand_in.leave()
        strangers = self._found().strangers
        if strangers:
            raise errors.port_taken(str(self._installation.address), described(strangers[0]))
        log = self._installation.logs / "start.log"
        log.unlink(missing_ok=True)
        try:
            script = self._installation.run(self._installation.start, "services", log)
        except OSError as problem:
            self._give_up("the start script", str(problem))
        return self._wait_serving(script)

    def _wait_serving(self, script: subprocess.Popen[bytes]) -> Seen:
        """Until a process of the installation answers at the address.

        What the script left behind, and returns here, is watched from the moment it ended: a
        worker that cannot be imported is gone long before the web service answers.
        """
        deadline = time.monotonic() + max(_START_LIMIT_S, self._installation.graceful_s)
        seen: Seen = {}
        while True:
            ended = _ended(script, _EVERY_S)
            found = self._found()
            if ended is not None:
                seen = _noted(seen, top_of(found.all))
                self._refuse_ended(seen, found)
            if found.web and answers_at(self._installation.address):
                return seen
            if ended is not None and not found.all:
                why = said("nothing runs after the start script (its exit: {code})", code=ended)
                self._give_up("web", why)
            if time.monotonic() > deadline:
                address = self._installation.address
                self._give_up("web", said("nobody of it answers at {address}", address=address))
            if ended is not None:
                time.sleep(_EVERY_S)

    def _refuse_ended(self, seen: Seen, found: Found) -> None:
        """A process that ended for good; one that only goes on in a child of its own did not."""
        going_on = {arguments_of(one) for one in found.all}
        for one, command in seen.items():
            if not alive(one) and command not in going_on:
                self._give_up(said("the services"), _ended_soon(one, command))

    def _serves(self) -> bool:
        return answers_at(self._installation.address) and bool(self._found().web)

    def _verify_steady(self, seen: Seen) -> None:
        """The same processes for a while: one that ends or is started anew shows.

        Those of `seen` too, which may have ended since they were looked at last.
        """
        first = _noted({}, top_of(self._found().all))
        deadline = time.monotonic() + self._steady_s
        while True:
            found = self._found()
            if not found.web:
                self._give_up("web", said("it ended soon after the start"))
            first, seen = _noted(first, first), _noted(seen, seen)
            self._refuse_ended(seen, found)
            gone = [one for one in first if not alive(one)]
            if gone:
                self._give_up(said("the services"), _ended_soon(gone[0], first[gone[0]]))
            if time.monotonic() >= deadline:
                return
            time.sleep(_EVERY_S * 2)

    def _give_up(self, name: str, why: str) -> NoReturn:
        """End what was started; visitors see the page again."""
        log = tail_of(self._installation.logs / "start.log", self._installation.env_file)
        self.stop()
        raise errors.not_started(name, why, log)

    def _end(self, before: Iterable[psutil.Process], deadline: float) -> tuple[Process, ...]:
        """End what is left of `before`, and what is found besides; those that still live."""
        left: tuple[Process, ...] = ()
        for _ in range(_ROUNDS):
            living = [one for one in {*before, *self._found().all} if alive(one)]
            if not living:
                return ()
            left = end_gently(living, max(_FORCE_S, deadline - time.monotonic()))
        found = [described(one) for one in self._found().all if alive(one)]
        return left or tuple(one for one in found if one is not None)

    def _end_old_stop(self) -> None:
        """A stop script whose Parom was killed must not stop what is started next."""
        end_all(marked(MARK, mark_for(self._installation.state, "stopping")), graceful_s=0)

    def _found(self) -> Found:
        not_services = (*self._private.processes(), *self._stand_in.processes())
        return find(self._installation, not_services)


def _ended(script: subprocess.Popen[bytes], limit_s: float) -> int | None:
    """Its exit code as soon as there is one; None where it goes on after the limit."""
    try:
        return script.wait(timeout=limit_s)
    except subprocess.TimeoutExpired:
        return None


def _noted(seen: Seen, processes: Iterable[psutil.Process]) -> Seen:
    """`seen` with these too, each by its command as soon as that can be read: while the kernel
    loads a program it has none."""
    unnamed = [one for one in processes if not seen.get(one)]
    return seen | {one: arguments_of(one) for one in unnamed}


def _state(processes: tuple[psutil.Process, ...]) -> ServiceState:
    return ServiceState.RUNNING if processes else ServiceState.STOPPED


def _pids(processes: tuple[psutil.Process, ...]) -> tuple[int, ...]:
    return tuple(one.pid for one in processes)


def _named(processes: tuple[psutil.Process, ...]) -> str:
    return ", ".join(
        f"pid {one.pid}: {shown_command(arguments_of(one))}" for one in top_of(processes)
    )


def _ended_soon(process: psutil.Process, command: tuple[str, ...]) -> str:
    return said(
        "pid {pid} ended soon after the start: {command}",
        pid=process.pid,
        command=shown_command(command),
    )
