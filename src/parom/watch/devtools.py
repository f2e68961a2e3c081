"""A conversation with a browser by the DevTools protocol, over a pair of pipes.

Messages are JSON, each ended by a zero byte. Pipes, not the protocol's web socket: a port would
let every user of the machine drive a browser that has been given secret headers, and a browser
whose pipe is closed ends by itself.
"""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable, Mapping
from typing import Any

Noted = Callable[[str, Mapping[str, Any], str], None]
"""What to do with an event: its name, its parameters, the session that it is of."""

_AT_ONCE = 1 << 16


class BrowserGoneError(Exception):
    """The browser has ended or says nothing any more: what it was asked is not known."""


class CommandRefusedError(Exception):
    """The browser answered that it cannot do that."""


class DevTools:
    """Commands and their answers; events go to `noted` while one is awaited.

    Of one thread. `until` is a moment of `time.monotonic`.
    """

    def __init__(self, to_browser: int, from_browser: int) -> None:
        """Descriptors; both are set not to block."""
        self._out, self._in = to_browser, from_browser
        os.set_blocking(to_browser, False)
        os.set_blocking(from_browser, False)
        self._number = 0
        self._read = bytearray()

    def call(
        self,
        method: str,
        given: Mapping[str, Any],
        until: float,
        noted: Noted,
        session: str = "",
    ) -> Mapping[str, Any]:
        """A command's result. Raises TimeoutError, BrowserGoneError, CommandRefusedError."""
        number = self.send(method, given, until, session)
        while True:
            message = self._next(until)
            if message.get("id") == number:
                if "error" in message:
                    raise CommandRefusedError(str(message["error"].get("message", "")))
                return dict(message.get("result", {}))
            self._note(message, noted)

    def send(self, method: str, given: Mapping[str, Any], until: float, session: str = "") -> int:
        """A command whose answer nobody waits for; its number."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": given}
        if session:
            message["sessionId"] = session
        left = memoryview(json.dumps(message).encode() + b"\0")
        while left:
            self._wait(self._out, select.POLLOUT, until)
            try:
                left = left[os.write(self._out, left) :]
            except BlockingIOError:
                continue
            except OSError as problem:
                raise BrowserGoneError(f"it takes no commands: {problem.strerror}") from None
        return self._number

    def follow(self, until: float, noted: Noted, is_over: Callable[[], bool]) -> None:
        """Note events until it is over. Raises TimeoutError, BrowserGoneError."""
        while not is_over():
            self._note(self._next(until), noted)

    def _note(self, message: Mapping[str, Any], noted: Noted) -> None:
        if "method" in message:
            noted(message["method"], message.get("params", {}), message.get("sessionId", ""))

    def _next(self, until: float) -> Mapping[str, Any]:
        while True:
            end = self._read.find(b"\0")
            if end >= 0:
                text = bytes(self._read[:end])
                del self._read[: end + 1]
                return self._parsed(text)
            self._wait(self._in, select.POLLIN, until)
            try:
                data = os.read(self._in, _AT_ONCE)
            except BlockingIOError:
                continue
            if not data:
                raise BrowserGoneError("it has ended")
            self._read += data

    @staticmethod
    def _parsed(text: bytes) -> Mapping[str, Any]:
        try:
            return dict(json.loads(text))
        except (ValueError, TypeError):
            raise BrowserGoneError("what it says is no DevTools protocol") from None

    @staticmethod
    def _wait(descriptor: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
