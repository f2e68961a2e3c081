"""The doorman: holds the public socket beside the web service, and does what the door says.

A process under the supervisor, which outlives Parom: visitors who wait are let go with a
503 when the time is over, whoever has died meanwhile. See
`docs/explanation/services-and-gateway.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import resource
import signal
import socket
import struct
import time
from dataclasses import replace
from pathlib import Path

from parom_site.page import Pages

from parom.adapters.gateways.accepting import Acceptor
from parom.adapters.gateways.door import (
    CLOSE,
    HAND_OVER,
    HOLD,
    RELAY,
    SERVE,
    Wish,
    read_wish,
    wanted_in,
    write_answer,
)
from parom.adapters.gateways.relay import Relay
from parom.adapters.gateways.responder import Responder
from parom.adapters.services.command import WEB

log = logging.getLogger("parom.doorman")
_LOOK_EVERY_S, _LAST_LOOKS = 0.2, 5
_SLICE_S, _PAUSE_S, _REBOOT_HOLD_S = 0.1, 0.1, 30.0
_TCP_INFO_UNACKED_AT = 24
"""Offset of `tcpi_unacked` in `struct tcp_info` (linux/tcp.h); of a listening socket it is
the number of connections that nobody has accepted yet."""


class Doorman:
    """Serves one listening socket according to the wish in `folder`.

    `private` is where the private instance listens, host:port: the relay goes nowhere else.
    """

    def __init__(
        self, listener: socket.socket, folder: Path, pages: Pages, private: str = ""
    ) -> None:
        self._listener, self._folder, self._private = listener, folder, private
        self._responder, self._relay = Responder(pages), Relay()
        self._acceptor = Acceptor(listener)
        self._accepting = ""
        self._nudged = asyncio.Event()
        self._leaving = False
        self._failed = False
        self._since = time.time()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._nudged.set)
        loop.add_signal_handler(signal.SIGTERM, self._leave)
        carried_out = -1
        while not self._leaving:
            wish = self._possible(read_wish(self._folder))
            if wish.serial != carried_out:
                log.info("asked to %s %s", wish.mode, wish.target)
                done = await self._carry_out(wish)
                carried_out = wish.serial
                log.info("%s: %s", wish.mode, "done" if done else "nobody took over")
                self._answer(wish, done)
            elif wish.mode == HOLD and time.time() >= wish.until:
                await self._end_hold()
            else:
                self._answer(wish, True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _LOOK_EVERY_S)
            self._nudged.clear()
        self._accept("")

    def _possible(self, wish: Wish) -> Wish:
        """The wish; a hold in place of a relay to a port of before a reboot, which may be
        anybody's now. It ends as every hold: with the page, unless somebody answers."""
        if wish.mode in (RELAY, HAND_OVER) and wish.target and wish.target != self._private:
            return replace(wish, mode=HOLD, target="", until=self._since + _REBOOT_HOLD_S)
        return wish

    def _answer(self, wish: Wish, done: bool) -> None:
        """Say what was done. A disk that is full ends no doorman: who asked waits for it."""
        try:
            write_answer(self._folder, wish.serial, self._relay, done)
            self._failed = False
        except OSError as problem:
            if not self._failed:
                log.warning("the answer could not be written: %s", problem)
            self._failed = True

    def _leave(self) -> None:
        self._leaving = True
        self._nudged.set()

    async def _carry_out(self, wish: Wish) -> bool:
        if wish.target:
            self._relay.target = wish.target
        if wish.mode == HAND_OVER:
            return await self._hand_over(wish)
        accepting = {SERVE: "", HOLD: "", CLOSE: CLOSE, RELAY: RELAY}[wish.mode]
        self._accept(accepting)
        if wish.mode == HOLD and time.time() >= wish.until:
            await self._end_hold()
        return True

    async def _end_hold(self) -> None:
        """Let the visitors go with the page, unless the web service was never stopped and
        answers them: two who accept from one socket take turns.

        Asked of what is to run, not of the socket alone: a busy service is no stopped one, and may
        take one connection in a while only.
        """
        if self._accepting == CLOSE or WEB in wanted_in(self._folder):
            return
        for _ in range(_LAST_LOOKS):
            if await self._somebody_accepts():
                return
        self._accept(CLOSE)

    def _accept(self, what: str) -> None:
        """Accept for the responder, for the relay, or not at all; the socket stays open."""
        self._accepting = what
        if what:
            self._acceptor.start(self._responder.serve if what == CLOSE else self._relay.serve)
        else:
            self._acceptor.stop()

    async def _hand_over(self, wish: Wish) -> bool:
        """Step aside for moments until somebody else takes a connection off the socket.

        Visitors wait for such a moment at most; when it is over and nobody came, the relay
        goes on.
        """
        while not self._leaving:
            self._accept("")
            if await self._somebody_accepts():
                return True
            if wish.target:
                self._accept(RELAY)
            if time.time() >= wish.until or read_wish(self._folder).serial != wish.serial:
                return False
            await asyncio.sleep(_PAUSE_S)
        return False

    async def _somebody_accepts(self) -> bool:
        """Whether a connection leaves the queue within a moment; one of our own waits in it.

        Nobody else accepts at that time, so that a queue which becomes shorter is proof,
        however long it is. One that is full lets ours in only when it does: so it is not
        waited for, and the others are watched meanwhile.
        """
        probe = socket.socket(self._listener.family, socket.SOCK_STREAM)
        probe.setblocking(False)
        deadline = time.monotonic() + _SLICE_S
        waited = self._waiting()
        ours = asyncio.ensure_future(
            asyncio.get_running_loop().sock_connect(probe, self._address())
        )
        is_in = False
        try:
            while time.monotonic() < deadline:
                if not is_in and ours.done() and ours.exception() is None:
                    is_in, waited = True, max(waited, 1)
                waiting = self._waiting()
                if waiting < waited:
                    return True
                waited = waiting
                await asyncio.sleep(0.002)
            return False
        finally:
            ours.cancel()
            await asyncio.wait([ours])
            probe.close()

    def _address(self) -> tuple[str, int]:
        host, port = self._listener.getsockname()[:2]
        any_host = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
        return any_host.get(host, host), port

    def _waiting(self) -> int:
        info = self._listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        return int(struct.unpack_from("I", info, _TCP_INFO_UNACKED_AT)[0])


def main() -> None:
    parser = argparse.ArgumentParser(prog="parom doorman")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--private-fd", type=int)
    parser.add_argument("--retry-after", type=int, default=30)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    # Each visitor who is relayed takes two descriptors.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listener = socket.socket(fileno=given.fd)
    listener.setblocking(False)
    pages = Pages(given.page, retry_after_s=given.retry_after)

    private = ""
    if given.private_fd is not None:
        host, port = socket.socket(fileno=given.private_fd).getsockname()[:2]
        private = f"{host}:{port}"

    async def stay() -> None:
        await Doorman(listener, given.folder, pages, private).run()

    asyncio.run(stay())


if __name__ == "__main__":
    main()
