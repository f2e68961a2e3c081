"""The application's processes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from parom.facts import PrivateInstance, ServiceStatus


class Services(Protocol):
    """The application's processes: web, workers, schedulers."""

    def status(self) -> tuple[ServiceStatus, ...]:
        """Each configured service now, judged by its processes."""
        ...

    def processes(self) -> frozenset[int]:
        """The pids of all of them with their children, private instance included."""
        ...

    def logs(self) -> tuple[Path, ...]:
        """What the services print, where Parom keeps it; empty where others do."""
        ...

    def check_address(self) -> None:
        """That the public address is the application's, or free: asked before anything is done.

        Raises `services.port-taken` where a stranger has it, `services.nobody-listens` or
        `services.other-bind` where services run that listen elsewhere.
        """
        ...

    def stop(self) -> None:
        """Every service and any private instance: gracefully, then by force.

        Verified by process. Raises `services.still-running` naming what is left.
        """
        ...

    def start_private(self) -> PrivateInstance:
        """Start web from the running path where only Parom reaches it, and wait until it
        accepts. Raises `services.not-started` with the end of its log."""
        ...

    def begin_private(self) -> None:
        """Begin to start web in private and do not wait: the next `start_private` waits for it.

        Nothing is asked of it meanwhile. Raises `services.not-started` where there is nothing
        to be started, as `start_private` would.
        """
        ...

    def stop_private(self) -> None:
        """End the private instance; absent is fine."""
        ...

    def start_background(self) -> None:
        """Workers, then schedulers; verified alive, not in a restart loop."""
        ...

    def start_web(self) -> None:
        """The public web service; verified alive. Returns when it serves the public."""
        ...
