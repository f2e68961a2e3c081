"""The gateway of services that scripts start: a flag file, and a stand-in while they stop."""

from __future__ import annotations

from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.adapters.gateways.flag_stand_in import StandIn
from parom.adapters.services.listening import Address
from parom.adapters.services.scripts_private import PrivateWeb
from parom.facts import GatewayState, PrivateInstance


class FlagGateway:
    """Nobody can wait here: the socket is the application's own, and it goes with it.

    An opening is two things: `open` says that it is to be, and the flag comes down once the
    web service is seen to serve, so that a proxy in front never looks into the void.
    """

    can_hold = False

    def __init__(
        self, flag: MaintenanceFlag, stand_in: StandIn, private: PrivateWeb, address: Address
    ) -> None:
        self._flag, self._stand_in = flag, stand_in
        self._private, self._address = private, address

    def state(self) -> GatewayState:
        closed = self._flag.is_on() and not self._flag.is_opening()
        return GatewayState.CLOSED if closed else GatewayState.OPEN

    def hold(self, limit_s: float) -> None:  # noqa: ARG002 - nobody waits, so nothing to limit
        self.close()

    def close(self) -> None:
        self._flag.put_up()
        self._stand_in.take_place()

    def open(self, instance: PrivateInstance | None) -> None:  # noqa: ARG002
        self._flag.announce_opening()

    def settle(self) -> None:
        self._flag.take_down()
        self._private.stop()

    def bypass_headers(self) -> dict[str, str]:
        return self._flag.headers()

    def public_url(self) -> str:
        return self._address.url
