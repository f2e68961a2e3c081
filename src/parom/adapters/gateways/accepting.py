"""Takes connections off a listening socket that is not ours alone, and can stop at any moment.

Not asyncio's server: one that is closed between taking a connection and starting on it drops
that connection, and stepping aside is what the doorman does all the time. Here every
connection that was taken has a task of its own, whatever comes next.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

MOST = 256
"""Connections served at a time. The others wait in the kernel's queue, where a web service
that takes over finds them, and where they use up no descriptors."""


_AT_ONCE = 8
"""Connections taken before those that were taken are carried on: else the first of a long queue
would be answered after work for all of it."""


class Acceptor:
    """`listener` is not blocking and stays open."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._serve: Serve | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._watching = False

    def start(self, serve: Serve) -> None:
        """Serve every connection with `serve` from now on."""
        self._serve = serve
        self._watch()

    def stop(self) -> None:
        """Take none any more; what was taken goes on."""
        self._serve = None
        self._watch()

    def _watch(self) -> None:
        wanted = self._serve is not None and len(self._tasks) < MOST
        loop, descriptor = asyncio.get_running_loop(), self._listener.fileno()
        if wanted and not self._watching:
            loop.add_reader(descriptor, self._take)
        elif self._watching and not wanted:
            loop.remove_reader(descriptor)
        self._watching = wanted

    def _take(self) -> None:
        for _ in range(_AT_ONCE):
            if self._serve is None or len(self._tasks) >= MOST:
                break
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:  # none is left, or somebody else was quicker
                break
            except ConnectionAbortedError:  # it left while it waited
                continue
            connection.setblocking(False)
            task = asyncio.get_running_loop().create_task(_served(connection, self._serve))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        self._watch()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._watch()


async def _served(connection: socket.socket, serve: Serve) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    await serve(reader, writer)
