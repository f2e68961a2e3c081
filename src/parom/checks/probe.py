"""One HTTP request, timed. An answer of any status is an answer; no answer is an error text."""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from parom.facts import Probe
from parom.words.said import said

LARGEST_BODY = 8 << 20

_CONNECTED = "connection.connect_tcp.complete"
_SECURED = "connection.start_tls.complete"
_ANSWERED = "http11.receive_response_headers.complete"


def probe(url: str, *, headers: Mapping[str, str], limit_s: float, method: str = "GET") -> Probe:
    """Ask once, on a connection of its own, following no redirect; reads at most 8 MiB."""
    return ask(url, headers=headers, limit_s=limit_s, method=method)[0]


def load() -> None:
    """Load ahead what the first request would load while the public waits: the system's
    certificates, and the client with its connections."""
    _trust()
    # Nobody can listen on port 0.
    ask("http://127.0.0.1:0/", headers={}, limit_s=1)


def ask(
    url: str, *, headers: Mapping[str, str], limit_s: float, method: str = "GET"
) -> tuple[Probe, bytes]:
    """Like `probe`, with the body. `limit_s` bounds the whole request, not each read.

    Finding the address, which Python cannot interrupt, may take longer by what the system's
    resolver allows itself. It counts as a part of connecting.
    """
    return asyncio.run(_ask(method, url, headers, limit_s))


@dataclass
class _Request:
    """A request under way: what is known of it at every moment, also when it is cut off."""

    began: float
    status: int | None = None
    body: bytearray = field(default_factory=bytearray)
    marks: dict[str, float] = field(default_factory=dict)

    async def note(self, event: str, _info: Mapping[str, object]) -> None:
        if event in (_CONNECTED, _SECURED, _ANSWERED):
            self.marks[event] = time.monotonic() - self.began


async def _ask(
    method: str, url: str, headers: Mapping[str, str], limit_s: float
) -> tuple[Probe, bytes]:
    # Made before the watch starts: a client costs more than a good answer takes.
    client = httpx.AsyncClient(timeout=None, trust_env=False, verify=_trust())  # noqa: S113 - bounded below
    started, request = time.time(), _Request(time.monotonic())
    async with client:
        error = ""
        try:
            async with asyncio.timeout(limit_s):
                error = await _read(client, method, url, headers, request)
        except TimeoutError:
            error = said("no complete answer in {limit:g} s", limit=limit_s)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            error = f"{type(problem).__name__}: {problem}"[:200]
        took = time.monotonic() - request.began
    answer = Probe(
        method=method,
        url=url,
        started=started,
        status=None if error else request.status,
        total_s=took,
        connect_s=request.marks.get(_SECURED, request.marks.get(_CONNECTED)),
        first_byte_s=request.marks.get(_ANSWERED),
        bytes_read=len(request.body),
        error=error,
    )
    return answer, bytes(request.body)


async def _read(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    headers: Mapping[str, str],
    request: _Request,
) -> str:
    """Fill `request`; what is wrong with the answer, or nothing."""
    asked = client.stream(method, url, headers=dict(headers), extensions={"trace": request.note})
    async with asked as response:
        request.status = response.status_code
        async for chunk in response.aiter_bytes():
            request.body += chunk
            if len(request.body) > LARGEST_BODY:
                return said("the body is larger than {n} bytes", n=LARGEST_BODY)
    return ""


@functools.cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
