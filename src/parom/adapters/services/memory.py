"""Services that exist in memory alone: for tests, and for trying an order of steps out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from parom.adapters.services.command import Role
from parom.errors import services as errors
from parom.facts import PrivateInstance, Process, ServiceState, ServiceStatus

PRIVATE = "web-private"
_STOP_ORDER = ("scheduler", "worker", "web")


class MemoryServices:
    """`roles` by service name. `broken` names those that do not start, `stubborn` those that
    do not end; both may be changed at any time, and so may `running` (name -> pid)."""

    def __init__(
        self,
        roles: dict[str, Role] | None = None,
        *,
        broken: Iterable[str] = (),
        stubborn: Iterable[str] = (),
    ) -> None:
        self.roles: dict[str, Role] = roles or {
            "web": "web",
            "worker": "worker",
            "scheduler": "scheduler",
        }
        self.broken, self.stubborn = set(broken), set(stubborn)
        self.running: dict[str, int] = {}
        self.started: list[str] = []
        """Every start, in its order."""
        self.stopped: list[str] = []
        self._pids = itertools.count(1_000)

    def status(self) -> tuple[ServiceStatus, ...]:
        return tuple(
            ServiceStatus(name, ServiceState.RUNNING, (self.running[name],))
            if name in self.running
            else ServiceStatus(name, ServiceState.STOPPED)
            for name in self.roles
        )

    def processes(self) -> frozenset[int]:
        return frozenset(self.running.values())

    def logs(self) -> tuple[Path, ...]:
        return ()

    def check_address(self) -> None:
        """It has none."""

    def stop(self) -> None:
        for role in _STOP_ORDER:
            for name in [one for one, has in self.roles.items() if has == role]:
                self._end(name)
        self._end(PRIVATE)
        left = [Process(pid, name, name, 0.0) for name, pid in self.running.items()]
        if left:
            raise errors.still_running(left)

    def start_private(self) -> PrivateInstance:
        pid = self._begin(PRIVATE, self._web())
        return PrivateInstance(f"memory://{PRIVATE}", (pid,), Path("memory"))

    def begin_private(self) -> None:
        self._begin(PRIVATE, self._web())

    def stop_private(self) -> None:
        self._end(PRIVATE)

    def start_background(self) -> None:
        for role in ("worker", "scheduler"):
            for name in [one for one, has in self.roles.items() if has == role]:
                self._begin(name, name)

    def start_web(self) -> None:
        self._begin(self._web(), self._web())

    def _web(self) -> str:
        return next(name for name, role in self.roles.items() if role == "web")

    def _begin(self, name: str, command: str) -> int:
        if command in self.broken:
            raise errors.not_started(name, "its process ended at once", "(no log was written)")
        if name not in self.running:
            self.running[name] = next(self._pids)
            self.started.append(name)
        return self.running[name]

    def _end(self, name: str) -> None:
        if name in self.running and name not in self.stubborn:
            del self.running[name]
            self.stopped.append(name)
