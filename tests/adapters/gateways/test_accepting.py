"""Visitors who were taken off the queue are served, whatever comes next."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from parom.adapters.gateways import accepting
from parom.adapters.gateways.accepting import Acceptor


def listening() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    listener.setblocking(False)
    return listener


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def visit(address: tuple[str, int], text: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(text)
    try:
        return await reader.read()
    finally:
        writer.close()


def test_stepping_aside_again_and_again_drops_nobody() -> None:
    """asyncio's own server loses who it had taken when it is closed: seen as a reset at opening."""

    async def run() -> list[bytes]:
        with listening() as listener:
            acceptor, address = Acceptor(listener), listener.getsockname()
            visits = [asyncio.create_task(visit(address, b"%d\n" % n)) for n in range(60)]
            while not all(one.done() for one in visits):
                acceptor.start(echo)
                await asyncio.sleep(0.0005)
                acceptor.stop()
            return [one.result() for one in visits]

    assert asyncio.run(run()) == [b"%d\n" % n for n in range(60)]


def test_more_than_the_limit_wait_in_the_kernels_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left there finds a web service that takes over, and uses no descriptors."""
    monkeypatch.setattr(accepting, "MOST", 2)

    async def run() -> tuple[int, int, list[bytes]]:
        at_once = most = 0
        done = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await done.wait()
            await echo(reader, writer)
            at_once -= 1

        with listening() as listener:
            Acceptor(listener).start(serve)
            visits = [
                asyncio.create_task(visit(listener.getsockname(), b"%d\n" % n)) for n in range(6)
            ]
            while at_once < 2:
                await asyncio.sleep(0.001)
            served_first = at_once
            done.set()
            return served_first, most, await asyncio.gather(*visits)

    first, most, said = asyncio.run(run())
    assert (first, most) == (2, 2)
    assert said == [b"%d\n" % n for n in range(6)]


def test_the_first_of_a_long_queue_is_answered_before_the_last_is_taken() -> None:
    """After a stop all wait at once; work for the last must not keep the first waiting."""

    async def run(listener: socket.socket, count: int) -> list[str]:
        seen: list[str] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append("taken")
            await echo(reader, writer)
            seen.append("answered")

        Acceptor(listener).start(serve)
        while seen.count("answered") < count:
            await asyncio.sleep(0)
        return seen

    with listening() as listener, contextlib.ExitStack() as visits:
        for _ in range(100):
            visitor = visits.enter_context(socket.create_connection(listener.getsockname()))
            visitor.sendall(b"a line\n")
        seen = asyncio.run(run(listener, 100))
    assert seen.index("answered") < 50, seen
