"""The doorman at a queue that is full: more visitors come than anybody takes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from parom_site.page import Pages

from parom.adapters.gateways.door import HAND_OVER, HOLD, Wish, read_answer
from parom.adapters.gateways.doorman import Doorman
from tests.support.waiting import PATIENCE_S

_BACKLOG, _VISITORS = 1, 6


@pytest.fixture
def listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)


def test_a_full_queue_that_nobody_takes_from_is_told_in_time(
    listener: socket.socket, tmp_path: Path
) -> None:
    """Its own connection does not get in either, and must not be waited for."""

    async def main() -> None:
        async with _crowd(listener), _doorman(listener, tmp_path):
            _wish(tmp_path, Wish(HAND_OVER, 1, until=time.time() + 0.5))
            assert await _answer(tmp_path, 1) is False

    asyncio.run(main())


def test_a_full_queue_that_somebody_takes_from_is_a_hand_over(
    listener: socket.socket, tmp_path: Path
) -> None:
    """As fast as it is emptied it fills: who takes over is seen all the same."""

    async def main() -> None:
        async with _crowd(listener), _doorman(listener, tmp_path), _slow_service(listener):
            _wish(tmp_path, Wish(HAND_OVER, 1, until=time.time() + PATIENCE_S))
            assert await _answer(tmp_path, 1) is True

    asyncio.run(main())


def test_a_hand_over_at_a_full_queue_gives_way_to_another_wish(
    listener: socket.socket, tmp_path: Path
) -> None:
    """A deployment that goes back must not wait for the hand-over to give up."""

    async def main() -> None:
        until = time.time() + 10 * PATIENCE_S
        async with _crowd(listener), _doorman(listener, tmp_path):
            _wish(tmp_path, Wish(HAND_OVER, 1, until=until))
            await asyncio.sleep(0)
            _wish(tmp_path, Wish(HOLD, 2, until=until))
            assert await _answer(tmp_path, 2) is True

    asyncio.run(main())


def test_a_hold_ends_with_the_page_though_the_queue_is_full(
    listener: socket.socket, tmp_path: Path
) -> None:
    """Of all visitors, those who waited longest must not wait for ever."""

    async def main() -> None:
        async with _crowd(listener) as answers, _doorman(listener, tmp_path):
            _wish(tmp_path, Wish(HOLD, 1, until=time.time()))
            async with asyncio.timeout(PATIENCE_S):
                while not any(b"503" in one for one in answers):
                    await asyncio.sleep(0.01)

    asyncio.run(main())


@asynccontextmanager
async def _doorman(listener: socket.socket, folder: Path) -> AsyncIterator[None]:
    listener.setblocking(False)
    doorman = Doorman(listener, folder, Pages(None))
    running = asyncio.create_task(doorman.run())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        listener.close()


@asynccontextmanager
async def _crowd(listener: socket.socket) -> AsyncIterator[list[bytes]]:
    """Visitors who come again as soon as they were let go, and what they were told; the queue is
    full when this begins."""
    address = listener.getsockname()
    answers: list[bytes] = []

    async def visits() -> None:
        while True:
            reader, writer = await asyncio.open_connection(*address)
            try:
                writer.write(b"GET / HTTP/1.0\r\n\r\n")
                answers.append(await reader.readline())
            except ConnectionError:  # by a service that only takes, and lets go
                pass
            finally:
                writer.close()

    visitors = [asyncio.create_task(visits()) for _ in range(_VISITORS)]
    await _full(address)
    try:
        yield answers
    finally:
        for one in visitors:
            one.cancel()
        await asyncio.wait(visitors)


async def _full(address: tuple[str, int]) -> None:
    """Until one more connection is not taken in."""
    taken = []
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                taken.append((await asyncio.wait_for(asyncio.open_connection(*address), 0.05))[1])
                continue
            return
    finally:
        for one in taken:
            one.close()


@asynccontextmanager
async def _slow_service(listener: socket.socket) -> AsyncIterator[None]:
    """Takes one at a time off the same queue, as a service does that is busy."""

    async def serves() -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(same)
            connection.close()
            await asyncio.sleep(0.02)

    with listener.dup() as same:
        same.setblocking(False)
        serving = asyncio.create_task(serves())
        try:
            yield
        finally:
            serving.cancel()
            await asyncio.wait([serving])


def _wish(folder: Path, wish: Wish) -> None:
    partial = folder / "door.partial"
    partial.write_text(json.dumps(asdict(wish)), "utf-8")
    partial.replace(folder / "door.json")


async def _answer(folder: Path, serial: int) -> bool:
    async with asyncio.timeout(PATIENCE_S):
        while read_answer(folder).get("serial") != serial:
            await asyncio.sleep(0.01)
    return bool(read_answer(folder)["done"])
