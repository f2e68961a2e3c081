"""The services under the embedded supervisor."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from parom.adapters.gateways.door import Door
from parom.adapters.services.circus_config import DOORMAN, WEB_PRIVATE
from parom.adapters.services.command import ServiceCommand
from parom.adapters.services.processes import alive, answers, described, end_all, lives, tail_of
from parom.adapters.services.supervisor import EmbeddedSupervisor
from parom.errors import services as errors
from parom.facts import PrivateInstance, ServiceState, ServiceStatus
from parom.words.said import said

_EVERY_S = 0.02
_START_LIMIT_S = 60.0
_FIRST_LOOK_S, _SLICE_S = 0.1, 2.0
_STRAYS_LIMIT_S = 15.0


class EmbeddedServices:
    """`steady_s` is how long services must live with the same pids to count as started.

    Workers get a short look before the public comes in and the long one with the web
    service, so that the public does not wait for it.
    """

    def __init__(
        self, supervisor: EmbeddedSupervisor, door: Door, *, steady_s: float = 1.5
    ) -> None:
        self._supervisor, self._door, self._steady_s = supervisor, door, steady_s

    def status(self) -> tuple[ServiceStatus, ...]:
        commands = self._supervisor.what.commands
        if not self._supervisor.is_alive():
            return tuple(
                ServiceStatus(
                    one.name, ServiceState.STOPPED, detail=said("the supervisor does not run")
                )
                for one in commands
            )
        return tuple(self._status_of(one) for one in commands)

    def processes(self) -> frozenset[int]:
        if not self._supervisor.is_alive():
            return frozenset(one.pid for one in self._supervisor.marked())
        doorman = self._doorman()
        return frozenset(one.pid for one in self._supervisor.marked() if one not in doorman)

    def logs(self) -> tuple[Path, ...]:
        folder = self._supervisor.what.logs
        return tuple(folder / f"{one.name}.log" for one in self._commands())

    def check_address(self) -> None:
        self._supervisor.refuse_taken_address()

    def stop(self) -> None:
        # Asked first: one that just starts goes by what was wanted until now.
        lives = self._supervisor.is_alive()
        self._supervisor.want(frozenset())
        if not lives:
            self._supervisor.ensure()
            return
        graceful_s = max(one.graceful_s for one in self._commands())
        names = [one for one in self._supervisor.watchers() if one != DOORMAN]
        # All at once: the public waits, and each drains what it has by itself.
        self._supervisor.stop(names, limit_s=graceful_s + 15)
        self._end_left_behind()

    def _end_left_behind(self) -> None:
        """End what services leave behind, and what those start while they are being ended.

        It has lost its parent by then, and keeps the mark.
        """
        deadline = time.monotonic() + _STRAYS_LIMIT_S
        while left := self._left_behind():
            if time.monotonic() > deadline:
                raise errors.still_running([one for p in left if (one := described(p))])
            still = end_all(left, graceful_s=2)
            if still:
                raise errors.still_running(still)

    def _left_behind(self) -> list[psutil.Process]:
        doorman = self._doorman()
        found = self._supervisor.marked()
        return [one for one in found if one not in doorman and alive(one)]

    def start_private(self) -> PrivateInstance:
        self._supervisor.ensure()
        web = self._web()
        self._start(WEB_PRIVATE)
        port = self._supervisor.private_port()
        self._wait_accepting(WEB_PRIVATE, port, max(_START_LIMIT_S, web.graceful_s))
        log = self._supervisor.what.logs / f"{WEB_PRIVATE}.log"
        return PrivateInstance(f"http://127.0.0.1:{port}", self._pids(WEB_PRIVATE), log)

    def begin_private(self) -> None:
        self._supervisor.ensure()
        self._start(WEB_PRIVATE)

    def stop_private(self) -> None:
        if self._supervisor.is_alive():
            limit = self._web().graceful_s + 15
            self._supervisor.stop([WEB_PRIVATE], limit_s=limit)

    def start_background(self) -> None:
        self._supervisor.ensure()
        names = [one.name for one in self._commands() if one.role != "web"]
        names.sort(key=lambda name: name == "scheduler")
        if not names:
            return
        for name in names:
            self._start(name)
        self._verify_steady(names, _FIRST_LOOK_S)
        self._supervisor.want(self._supervisor.wanted() | frozenset(names))

    def start_web(self) -> None:
        self._supervisor.ensure()
        name = self._web().name
        self._start(name)
        self._wait_alive(name)
        self._supervisor.want(self._supervisor.wanted() | {name})
        self._hand_over(name)
        self._verify_steady([one.name for one in self._commands()], self._steady_s)

    def _hand_over(self, name: str) -> None:
        """Until the web service accepts; a process that ends meanwhile is not waited for."""
        first, deadline = self._pids(name), time.monotonic() + _START_LIMIT_S
        while not self._door.hand_over(_SLICE_S):
            same = self._pids(name) == first
            if not same or time.monotonic() > deadline:
                self._supervisor.stop([name], limit_s=60)
                why = said("it does not accept connections" if same else "its process ended")
                raise errors.not_started(name, why, self._log_of(name))

    def _doorman(self) -> set[psutil.Process]:
        return {one for pid in self._pids(DOORMAN) for one in _tree(pid)}

    def _commands(self) -> tuple[ServiceCommand, ...]:
        return self._supervisor.what.commands

    def _web(self) -> ServiceCommand:
        return next(one for one in self._commands() if one.role == "web")

    def _start(self, name: str) -> None:
        if not self._pids(name):
            self._supervisor.call("start", name=name, waiting=True, limit_s=30)

    def _pids(self, name: str) -> tuple[int, ...]:
        return tuple(filter(lives, self._supervisor.main_pids(name)))

    def _log_of(self, name: str) -> str:
        what = self._supervisor.what
        return tail_of(what.logs / f"{name}.log", what.env_file)

    def _wait_alive(self, name: str) -> None:
        if not self._pids(name):
            raise errors.not_started(name, said("its process ended at once"), self._log_of(name))

    def _wait_accepting(self, name: str, port: int, limit_s: float) -> None:
        """Until a worker takes a connection off the socket, watched over: its process lives.

        circus itself holds the socket, so connecting proves nothing; an answer does.
        """
        deadline = time.monotonic() + limit_s
        first = self._pids(name)
        while True:
            if not first or self._pids(name) != first:
                self._supervisor.stop([name], limit_s=60)
                raise errors.not_started(name, said("its process ended"), self._log_of(name))
            if answers(port):
                return
            if time.monotonic() > deadline:
                self._supervisor.stop([name], limit_s=60)
                why = said("no answer in {limit:g} s", limit=limit_s)
                raise errors.not_started(name, why, self._log_of(name))

    def _verify_steady(self, names: list[str], seconds: float) -> None:
        """The same processes for a while: a restart loop shows new ones."""
        first = {name: self._pids(name) for name in names}
        deadline = time.monotonic() + seconds
        while True:
            for name in names:
                if not first[name] or self._pids(name) != first[name]:
                    self._supervisor.stop([name], limit_s=60)
                    why = said("its process ended and was started again")
                    raise errors.not_started(name, why, self._log_of(name))
            if time.monotonic() >= deadline:
                return
            time.sleep(0.1)

    def _status_of(self, command: ServiceCommand) -> ServiceStatus:
        pids = self._pids(command.name)
        state = ServiceState.RUNNING if pids else ServiceState.STOPPED
        return ServiceStatus(command.name, state, pids)


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
