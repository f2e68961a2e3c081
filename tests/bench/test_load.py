"""The generator against a real server on loopback."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from collections.abc import Awaitable, Callable

import pytest

from bench.load import Loop, requests

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def driven(serve: Serve, count: int, rate: float) -> list[dict[str, object]]:
    """The records of `count` requests at `rate` a second."""

    async def drive() -> str:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        out = io.StringIO()
        load = Loop((host, port), "Host: here\r\nConnection: close\r\n", out)
        wanted = requests(5, "load-1")

        def counted() -> object:
            for number in itertools.count(1):
                if number == count:
                    load.stopped.set()
                yield next(wanted)

        await load.run(rate, counted())  # type: ignore[arg-type]
        server.close()
        return out.getvalue()

    return [json.loads(line) for line in asyncio.run(drive()).splitlines()]


async def ask(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return head.split(b"\r\n")[0]


def test_a_server_that_stands_still_delays_every_request_that_was_due() -> None:
    """Coordinated omission: the loop goes on sending, and each wait counts from when it was due."""
    lines: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(await ask(reader))
        while len(lines) < 10:  # nobody is answered before the last has come
            await asyncio.sleep(0.001)
        writer.write(OK)
        writer.close()

    records = sorted(driven(serve, 10, 100), key=lambda one: float(str(one["at"])))
    waits = [float(str(one["s"])) for one in records]
    # Nothing is answered before the tenth was sent, 90 ms after the first was due.
    assert all(wait >= 0.089 - number / 100 for number, wait in enumerate(waits))
    assert lines[9].startswith(b"POST /api/v1/vacancies/ ")


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", 0, "the answer was cut off"),
        (b"", 0, "no HTTP"),
        (b"HTTP/1.1 503 No\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n", 503, None),
    ],
)
def test_how_a_request_ended_is_told(said: bytes, status: int, error: str | None) -> None:
    """An answer that was cut off is no answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ask(reader)
        writer.write(said)
        writer.close()

    (record,) = driven(serve, 1, 100)
    assert (record["status"], record.get("error")) == (status, error)
    assert record.get("clean", False) == (status == 503)
