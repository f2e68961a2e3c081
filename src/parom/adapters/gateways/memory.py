"""A gateway in memory, in front of services in memory."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parom_site.bypass import HEADER
from parom_site.page import Pages

from parom.adapters.services.memory import PRIVATE, MemoryServices
from parom.facts import GatewayState, PrivateInstance


@dataclass(frozen=True)
class Answer:
    """What a visitor gets. `by` is the service that answered; empty for the page."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    by: str = ""


class MemoryGateway:
    """`now` gives the seconds by which a hold ends, so that tests own the time."""

    def __init__(
        self,
        services: MemoryServices,
        now: Callable[[], float],
        pages: Pages | None = None,
        *,
        can_hold: bool = True,
    ) -> None:
        self._services, self._now, self._pages = services, now, pages or Pages()
        self._can_hold = can_hold
        self._wanted = GatewayState.OPEN
        self._until = 0.0
        self._relays = False
        self._pass = ""

    @property
    def can_hold(self) -> bool:
        return self._can_hold

    def state(self) -> GatewayState:
        if self._wanted is GatewayState.HELD and self._now() >= self._until:
            return GatewayState.CLOSED
        return self._wanted

    def hold(self, limit_s: float) -> None:
        if not self._can_hold:
            self.close()
        elif self._wanted is GatewayState.OPEN:
            self._keep_out(GatewayState.HELD)
            self._until = self._now() + limit_s

    def close(self) -> None:
        self._keep_out(GatewayState.CLOSED)

    def open(self, instance: PrivateInstance | None) -> None:
        self._wanted, self._relays, self._pass = GatewayState.OPEN, instance is not None, ""

    def settle(self) -> None:
        self._relays = False
        self._services.stop_private()

    def bypass_headers(self) -> dict[str, str]:
        return {HEADER: self._pass} if self._pass else {}

    def public_url(self) -> str:
        return "memory://public"

    def visit(self, headers: Mapping[str, str] | None = None) -> Answer | None:
        """A visitor's request; None as long as it has to wait.

        With nobody behind an open gateway the connection is refused: status 0.
        """
        given = {name.lower(): value for name, value in (headers or {}).items()}
        passes = bool(self._pass) and given.get(HEADER.lower()) == self._pass
        match self.state():
            case GatewayState.CLOSED if not passes:
                page = self._pages.page(given.get("accept", ""), given.get("accept-language", ""))
                return Answer(503, page.headers, page.body)
            case GatewayState.HELD if not passes:
                return None
        names = [name for name, role in self._services.roles.items() if role == "web"]
        for name in [*([PRIVATE] if self._relays else []), *names]:
            if name in self._services.running:
                return Answer(200, by=name)
        return Answer(0)

    def _keep_out(self, state: GatewayState) -> None:
        self._wanted = state
        self._pass = self._pass or secrets.token_hex(16)
