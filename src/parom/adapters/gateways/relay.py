"""Carries the bytes of connections to the private instance, for about a second.

Its workers are loaded already, so that opening takes milliseconds. While it does, the
application sees the loopback address as its peer.
"""

from __future__ import annotations

import asyncio
import contextlib

_CHUNK = 65536


class Relay:
    """`target` is host:port; `connections` counts those that are open."""

    def __init__(self) -> None:
        self.target = ""
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            host, _, port = self.target.rpartition(":")
            there_reader, there_writer = await asyncio.open_connection(host, int(port))
            await asyncio.gather(
                _carry(reader, there_writer), _carry(there_reader, writer), return_exceptions=True
            )
            await _close(there_writer)
        except OSError:  # the private instance is gone; the visitor sees the connection close
            pass
        finally:
            self.connections -= 1
            await _close(writer)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything until the end of input; the other direction goes on."""
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):  # the peer may have gone first
        await writer.wait_closed()
