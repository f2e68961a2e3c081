"""Carries the bytes of connections to the private instance, for about a second.

Its workers are loaded already, so that opening takes milliseconds. While it does, the
application sees the loopback address as its peer.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine

_CHUNK = 65536


class Relay:
    """`target` is host:port; `connections` counts those that are open, `unanswered` those of
    them whose visitor sent something after the last that came back."""

    def __init__(self) -> None:
        self.target = ""
        self._waiting: dict[object, bool] = {}

    @property
    def connections(self) -> int:
        return len(self._waiting)

    @property
    def unanswered(self) -> int:
        return sum(self._waiting.values())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A visitor who came is about to ask.
        self._waiting[writer] = True
        try:
            host, _, port = self.target.rpartition(":")
            there_reader, there_writer = await asyncio.open_connection(host, int(port))
            await _until_one_breaks(
                self._carry(reader, there_writer, of=writer, asks=True),
                self._carry(there_reader, writer, of=writer, asks=False),
            )
            await _close(there_writer)
        except OSError:  # the private instance is gone; the visitor sees the connection close
            pass
        finally:
            del self._waiting[writer]
            await _close(writer)

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        of: asyncio.StreamWriter,
        asks: bool,
    ) -> None:
        """Everything until the end of input; the other direction goes on."""
        while chunk := await reader.read(_CHUNK):
            self._waiting[of] = asks
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


async def _until_one_breaks(*directions: Coroutine[None, None, None]) -> None:
    """Both directions to their end; where one breaks, the other has nobody to talk to."""
    carrying = [asyncio.create_task(one) for one in directions]
    _, open_still = await asyncio.wait(carrying, return_when=asyncio.FIRST_EXCEPTION)
    for one in open_still:
        one.cancel()
    await asyncio.gather(*carrying, return_exceptions=True)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):  # the peer may have gone first
        await writer.wait_closed()
