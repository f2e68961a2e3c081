"""The gateway of the embedded services: the doorman at the supervisor's public socket."""

from __future__ import annotations

import time

from parom.adapters.gateways.door import CLOSE, HOLD, RELAY, SERVE, Door
from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.adapters.services.circus_config import WEB_PRIVATE
from parom.adapters.services.supervisor import EmbeddedSupervisor
from parom.facts import GatewayState, PrivateInstance

_DRAIN_LIMIT_S, _ANSWER_LIMIT_S, _EVERY_S, _STOP_MARGIN_S = 5.0, 60.0, 0.02, 15.0


class EmbeddedGateway:
    """Connections can wait: nobody accepts, and the kernel queues them.

    `flag` is there for an application that looks at a flag file itself: it is up as long as
    the public is kept out.
    """

    can_hold = True

    def __init__(
        self, supervisor: EmbeddedSupervisor, door: Door, flag: MaintenanceFlag | None = None
    ) -> None:
        self._supervisor, self._door, self._flag = supervisor, door, flag

    def state(self) -> GatewayState:
        wish = self._door.wish()
        if wish.mode == CLOSE or (wish.mode == HOLD and time.time() >= wish.until):
            return GatewayState.CLOSED
        return GatewayState.HELD if wish.mode == HOLD else GatewayState.OPEN

    def hold(self, limit_s: float) -> None:
        if self.state() is GatewayState.OPEN:
            self._supervisor.ensure()
            # The door first: who waits there must not see the page of the flag.
            self._door.ask(HOLD, until=time.time() + limit_s)
        self._put_up_flag()

    def close(self) -> None:
        """The web service goes with it: two who accept from one socket take turns, and half
        of the visitors would get through."""
        self._supervisor.ensure()
        self._door.ask(CLOSE)
        self._put_up_flag()
        for web in [one for one in self._supervisor.what.commands if one.role == "web"]:
            self._supervisor.want(self._supervisor.wanted() - {web.name})
            limit = web.graceful_s + _STOP_MARGIN_S
            self._supervisor.call("stop", name=web.name, waiting=True, limit_s=limit)

    def open(self, instance: PrivateInstance | None) -> None:
        self._supervisor.ensure()
        if self._flag is not None:
            self._flag.take_down()
        if instance is None:
            self._door.ask(SERVE)
        else:
            self._door.ask(RELAY, target=instance.base_url.removeprefix("http://"))

    def settle(self) -> None:
        """Let the relay's last connections end, then its private instance.

        What is still open after a while is idle (kept alive) or long; stopping is graceful.
        But a request that the instance has not even taken would never be answered: for those
        there is more patience.
        """
        began = time.monotonic()
        while True:
            connections, unanswered = self._door.connections()
            limit = _ANSWER_LIMIT_S if unanswered else _DRAIN_LIMIT_S
            if not connections or time.monotonic() - began > limit:
                break
            time.sleep(_EVERY_S)
        self._supervisor.call("stop", name=WEB_PRIVATE, waiting=True, limit_s=60)
        self._door.ask(SERVE)

    def bypass_headers(self) -> dict[str, str]:
        return self._flag.headers() if self._flag is not None else {}

    def public_url(self) -> str:
        host, _, port = self._supervisor.what.bind.rpartition(":")
        any_host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - compared, not bound
        return f"http://{any_host.get(host, host)}:{port}"

    def _put_up_flag(self) -> None:
        if self._flag is not None:
            self._flag.put_up()
