"""The stand-in: answers with the maintenance page where the services listen otherwise.

A process of its own that outlives Parom: `python -m parom.adapters.gateways.flag_server
HOST PORT`. It ends at SIGTERM, after the answers that it has begun.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from parom_site.page import Pages

from parom.adapters.gateways.responder import Responder

_BACKLOG, _LAST_ANSWERS_S = 4096, 2.0


async def serve(host: str, port: int, pages: Pages) -> None:
    """Until SIGTERM. Raises OSError where the address is taken."""
    leaving = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leaving.set)
    answering: set[asyncio.Task[None]] = set()
    responder = Responder(pages)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine of a server runs in one
        answering.add(task)
        try:
            await responder.serve(reader, writer)
        finally:
            answering.discard(task)

    server = await asyncio.start_server(answer, host, port, backlog=_BACKLOG)
    await leaving.wait()
    server.close()
    if answering:
        await asyncio.wait(answering, timeout=_LAST_ANSWERS_S)


def main() -> None:
    parser = argparse.ArgumentParser(prog="parom stand-in")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--retry-after", type=int, default=30)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    asyncio.run(serve(given.host, given.port, Pages(given.page, retry_after_s=given.retry_after)))


if __name__ == "__main__":
    main()
