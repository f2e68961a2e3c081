"""An open loop: requests at a fixed rate, whatever becomes of the earlier ones.

`python -m bench.load ADDRESS HEADERS IDS OUT --rate N` until SIGTERM. Every request has a
connection of its own and an *intended* moment; latency counts from that moment, so that a
server that stands still, or a generator that is late, cannot hide waiting (coordinated
omission). One asyncio loop with raw connections: two shared cores must have room for the
application too. OUT gets one JSON line a request, written when it is over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from parom.checks.headers import read_headers

LIMIT_S = 60.0
WRITE_EVERY = 10
"""Each tenth request is a write."""
_GRADES, _VACANCY, _RANGE = (
    "/api/v1/finance/grades/",
    "/api/v1/vacancies/{}/",
    "/api/v1/finance/salary-ranges/{}/",
)


@dataclass(frozen=True)
class Request:
    """What is asked; `key` and `value` name a write so that it can be found again."""

    kind: str
    method: str
    path: str
    key: str = ""
    value: str = ""

    @property
    def body(self) -> bytes:
        if self.kind != "create":
            return b""
        return json.dumps({"external_id": self.key, "name": self.value}).encode()


def requests(most_id: int, mark: str) -> Iterator[Request]:
    """The same sequence for the same numbers: nine reads of single things, then a write."""
    chance, number = random.Random(11), 0
    while True:
        number += 1
        if number % WRITE_EVERY == 0:
            yield Request("create", "POST", "/api/v1/vacancies/", f"{mark}-{number}", f"n {number}")
            continue
        path = chance.choice((_GRADES, _VACANCY, _RANGE))
        yield Request("read", "GET", path.format(chance.randint(1, most_id)))


class Loop:
    """Sends and notes. `address` is host and port; `head` the lines common to all requests."""

    def __init__(self, address: tuple[str, int], head: str, out: TextIO) -> None:
        self._address, self._head, self._out = address, head, out
        self._under_way: set[asyncio.Task[None]] = set()
        self.stopped = asyncio.Event()

    async def run(self, rate: float, wanted: Iterator[Request]) -> None:
        """Until `stopped`; what is under way is waited for."""
        loop = asyncio.get_running_loop()
        began, epoch, number = loop.time(), time.time(), 0
        while not self.stopped.is_set():
            due = number / rate
            late = loop.time() - began - due
            if late < 0:
                await asyncio.sleep(-late)
            # A generator that is late sends at once and keeps the moment it was due.
            task = loop.create_task(self._ask(next(wanted), began + due, epoch + due))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            number += 1
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _ask(self, request: Request, due: float, at: float) -> None:
        loop, status, clean, error = asyncio.get_running_loop(), 0, False, ""
        try:
            async with asyncio.timeout_at(due + LIMIT_S):
                answer = await self._exchange(request)
            head, _, body = answer.partition(b"\r\n\r\n")
            status = _status(head)
            clean = status == 503 and b"\nretry-after:" in head.lower()
            if not _whole(head, body):
                status, error = 0, "the answer was cut off"
        except TimeoutError:
            error = f"no answer in {LIMIT_S:g} s"
        except OSError as problem:
            error = type(problem).__name__
        except ValueError:
            error = "no HTTP"
        seconds = round(loop.time() - due, 4)
        record = {"at": round(at, 4), "s": seconds, "status": status, "kind": request.kind}
        if clean:
            record["clean"] = True
        if error:
            record["error"] = error
        if request.key:
            record["key"] = request.key
        self._out.write(json.dumps(record) + "\n")

    async def _exchange(self, request: Request) -> bytes:
        reader, writer = await asyncio.open_connection(*self._address)
        try:
            body = request.body
            head = f"{request.method} {request.path} HTTP/1.1\r\n{self._head}"
            if body:
                head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            writer.write(head.encode("ascii") + b"\r\n" + body)
            return await reader.read(-1)
        finally:
            writer.close()


def _status(head: bytes) -> int:
    if not head.startswith(b"HTTP/1."):
        message = "not an HTTP answer"
        raise ValueError(message)
    return int(head.split(b" ", 2)[1])


def _whole(head: bytes, body: bytes) -> bool:
    """Whether the body has the length that the head names, where it names one."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) == int(line.split(b":")[1])
    return True


async def _main(given: argparse.Namespace) -> None:
    host, _, port = given.address.rpartition(":")
    lines = {**read_headers(given.headers), "Host": given.address, "Accept": "application/json"}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with given.out.open("a", encoding="utf-8", buffering=1) as out:
        load = Loop((host, int(port)), f"{head}Connection: close\r\n", out)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, load.stopped.set)
        await load.run(given.rate, requests(given.ids, f"load-{time.time_ns()}"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load")
    parser.add_argument("address")
    parser.add_argument("headers", type=Path)
    parser.add_argument("ids", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rate", type=float, default=200)
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
