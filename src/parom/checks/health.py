"""Wait until a release says that it is healthy."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from parom.checks.probe import ask
from parom.checks.result import CheckResult, told
from parom.checks.target import url_of
from parom.words.said import said

_OK = 200
_EVERY_S = 0.1
_LEAST_PROBE_S, _LONGEST_PROBE_S = 1.0, 10.0
"""The last one is not cut short by the limit: a release on a busy machine says why it is ill, and
would seem to say nothing."""


def wait_until_healthy(
    base_url: str, path: str, headers: Mapping[str, str], limit_s: float
) -> CheckResult:
    """Ask until the answer is 200 or `limit_s` is over; the last answer is the evidence."""
    began, pause = time.monotonic(), threading.Event()
    while True:
        left = limit_s - (time.monotonic() - began)
        patience = min(_LONGEST_PROBE_S, max(_LEAST_PROBE_S, left))
        answer, body = ask(url_of(base_url, path), headers=headers, limit_s=patience)
        took = time.monotonic() - began
        if answer.status == _OK:
            return CheckResult(f"health {path}", True, "HTTP 200", took)
        if took >= limit_s:
            last = told(answer.status, answer.error, body)
            detail = said(
                "never turned green in {limit:g} s; the last answer was {last}",
                limit=limit_s,
                last=last,
            )
            return CheckResult(f"health {path}", False, detail, took)
        pause.wait(_EVERY_S)
