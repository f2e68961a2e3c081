"""Answers every request with the maintenance page: 503, `Retry-After`, HTML or JSON."""

from __future__ import annotations

import asyncio
import contextlib

from parom_site.page import Pages

_HEAD_LIMIT, _BODY_LIMIT, _READ_LIMIT_S = 65536, 16 << 20, 10.0


class Responder:
    """One answer a connection, then it is closed."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_READ_LIMIT_S):
                head = await reader.readuntil(b"\r\n\r\n")
                method, headers = _parsed(head)
                # Unread input would make the kernel reset the connection before the visitor
                # has read the answer.
                await _drain(reader, headers)
                page = self._pages.page(
                    headers.get("accept", ""), headers.get("accept-language", "")
                )
                writer.write(_response(page.headers, b"" if method == "HEAD" else page.body))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a visitor who sends nothing sensible, or left: nothing to answer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _parsed(head: bytes) -> tuple[str, dict[str, str]]:
    lines = head[:_HEAD_LIMIT].decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return lines[0].split(" ")[0], headers


async def _drain(reader: asyncio.StreamReader, headers: dict[str, str]) -> None:
    length = headers.get("content-length", "0")
    left = min(int(length) if length.isdigit() else 0, _BODY_LIMIT)
    while left > 0:
        chunk = await reader.read(min(left, 65536))
        if not chunk:
            return
        left -= len(chunk)


def _response(headers: dict[str, str], body: bytes) -> bytes:
    lines = ["HTTP/1.1 503 Service Unavailable", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
