"""One HTTP request, timed. An answer of any status is an answer; no answer is an error text."""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx

from parom.facts import Probe

_LARGEST_BODY = 8 << 20


def probe(url: str, *, headers: Mapping[str, str], limit_s: float, method: str = "GET") -> Probe:
    """Ask once, on a connection of its own, following no redirect; reads at most 8 MiB."""
    return ask(url, headers=headers, limit_s=limit_s, method=method)[0]


def ask(
    url: str, *, headers: Mapping[str, str], limit_s: float, method: str = "GET"
) -> tuple[Probe, bytes]:
    """Like `probe`, with the body. `limit_s` bounds the whole request, not each read."""
    started, began = time.time(), time.monotonic()
    marks: dict[str, float] = {}

    def trace(name: str, _info: Mapping[str, object]) -> None:
        if name in ("connection.connect_tcp.complete", "http11.receive_response_headers.complete"):
            marks[name] = time.monotonic() - began

    status, body, error = None, b"", ""
    try:
        with (
            httpx.Client(timeout=limit_s, trust_env=False) as client,
            client.stream(
                method, url, headers=dict(headers), extensions={"trace": trace}
            ) as response,
        ):
            status = response.status_code
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _LARGEST_BODY:
                    status, error = None, f"the body is larger than {_LARGEST_BODY} bytes"
                    break
                if time.monotonic() - began > limit_s:
                    status, error = None, f"no complete answer in {limit_s:g} s"
                    break
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        status, error = None, f"{type(problem).__name__}: {problem}"[:200]
    result = Probe(
        method=method,
        url=url,
        started=started,
        status=status,
        total_s=time.monotonic() - began,
        connect_s=marks.get("connection.connect_tcp.complete"),
        first_byte_s=marks.get("http11.receive_response_headers.complete"),
        bytes_read=len(body),
        error=error,
    )
    return result, body
