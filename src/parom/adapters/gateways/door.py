"""What the doorman is told and what it says: two small files and a signal.

The wish (`door.json`) has a serial number; the doorman answers in `doorman.json` with the
number that it has carried out. Both outlive either side.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from parom.adapters.gateways.relay import Relay
from parom.adapters.services.place import is_copy
from parom.birth import birth_of, living
from parom.durable import write_atomically
from parom.errors import gateway as errors
from parom.words.said import said

_EVERY_S = 0.002
SERVE, HOLD, CLOSE, RELAY, HAND_OVER = "serve", "hold", "close", "relay", "hand-over"


@dataclass(frozen=True)
class Wish:
    """What the door should be.

    `serve`: the web service accepts by itself. `hold`: nobody accepts until `until` (seconds
    since the epoch), then it closes. `close`: 503. `relay`: connections go to `target`
    (host:port). `hand-over`: relay until the web service is seen to accept, then serve.
    """

    mode: str
    serial: int
    target: str = ""
    until: float = 0.0


class Door:
    """Parom's end. `folder` is the supervisor's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wish(self) -> Wish:
        """The last wish; that of an installation which was copied is none of the copy's."""
        return Wish(SERVE, 0) if is_copy(self._folder) else read_wish(self._folder)

    def ask(self, mode: str, *, target: str = "", until: float = 0.0, limit_s: float = 15) -> bool:
        """Ask for a mode and wait until it is so. False where a hand-over found nobody.

        Raises `gateway.no-answer`.
        """
        serial = self.wish().serial + 1
        wish = Wish(mode, serial, target, until)
        write_atomically(self._folder / "door.json", json.dumps(asdict(wish)).encode(), 0o600)
        deadline = time.monotonic() + limit_s
        self._nudge()
        while True:
            answer = read_answer(self._folder)
            if answer.get("serial") == serial and "done" in answer:
                return bool(answer["done"])
            if time.monotonic() > deadline:
                raise errors.no_answer(mode, said("no answer in {limit:g} s", limit=limit_s))
            time.sleep(_EVERY_S)

    def hand_over(self, limit_s: float) -> bool:
        """Whether the web service took over; the relay goes on where it did not."""
        now = self.wish()
        target = now.target if now.mode in (RELAY, HAND_OVER) else ""
        until = time.time() + limit_s
        return self.ask(HAND_OVER, target=target, until=until, limit_s=limit_s + 10)

    def connections(self) -> tuple[int, int]:
        """Connections that the relay still carries, and those of them that wait for an answer."""
        answer = read_answer(self._folder)
        return int(answer.get("connections", 0)), int(answer.get("unanswered", 0))

    def _nudge(self) -> None:
        """Save the doorman the wait for its next look; it looks by itself too."""
        process = living(read_answer(self._folder))
        if process is not None:
            # It may end this moment: then its successor looks by itself.
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGHUP)


def read_wish(folder: Path) -> Wish:
    """The last wish; `serve` where none was made."""
    try:
        return Wish(**json.loads((folder / "door.json").read_text("utf-8")))
    except FileNotFoundError:
        return Wish(SERVE, 0)


def wanted_in(folder: Path) -> frozenset[str]:
    """The services that the supervisor is to run; none where that was never said."""
    try:
        return frozenset(json.loads((folder / "wanted.json").read_text("utf-8")))
    except FileNotFoundError:
        return frozenset()


def read_answer(folder: Path) -> dict[str, Any]:
    """What the doorman said last; empty where it said nothing, or a power cut took it."""
    try:
        return dict(json.loads((folder / "doorman.json").read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def write_answer(folder: Path, serial: int, relay: Relay, done: bool) -> None:
    """The doorman's answer; not synced: a doorman that starts anew says it anew."""
    answer = {
        **birth_of(os.getpid()),
        "serial": serial,
        "connections": relay.connections,
        "unanswered": relay.unanswered,
        "done": done,
    }
    partial = folder / "doorman.partial"
    partial.write_text(json.dumps(answer), "utf-8")
    partial.replace(folder / "doorman.json")
