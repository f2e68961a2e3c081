"""What stands between the public and the application."""

from __future__ import annotations

from typing import Protocol

from parom.facts import GatewayState, PrivateInstance


class Gateway(Protocol):
    """What stands between the public and the services."""

    @property
    def can_hold(self) -> bool:
        """Whether connections can wait; otherwise the public sees 503 instead."""
        ...

    def state(self) -> GatewayState: ...

    def hold(self, limit_s: float) -> None:
        """Let the public wait. After `limit_s` it closes by itself, whoever is still alive."""
        ...

    def close(self) -> None:
        """The public sees the maintenance page (503)."""
        ...

    def open(self, instance: PrivateInstance | None) -> None:
        """Let the public in: at once to `instance` where one runs, else to the web service."""
        ...

    def settle(self) -> None:
        """After the public web service serves: take away what `open` put in between."""
        ...

    def bypass_headers(self) -> dict[str, str]:
        """Headers with which Parom's own checks pass while closed; empty where not needed."""
        ...

    def public_url(self) -> str:
        """The address at which the public, or a proxy in front, reaches the application."""
        ...
