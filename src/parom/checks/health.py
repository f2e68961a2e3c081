"""Wait until a release says that it is healthy."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from urllib.parse import urljoin

from parom.checks.probe import probe
from parom.checks.result import CheckResult

_OK = 200
_EVERY_S = 0.1


def wait_until_healthy(
    base_url: str, path: str, headers: Mapping[str, str], limit_s: float
) -> CheckResult:
    """Ask until the answer is 200 or `limit_s` is over; the last answer is the evidence."""
    began, pause = time.monotonic(), threading.Event()
    while True:
        left = limit_s - (time.monotonic() - began)
        answer = probe(urljoin(base_url, path), headers=headers, limit_s=min(10, max(1, left)))
        took = time.monotonic() - began
        if answer.status == _OK:
            return CheckResult(f"health {path}", True, "HTTP 200", took)
        if took >= limit_s:
            said = answer.error if answer.status is None else f"HTTP {answer.status}"
            detail = f"never turned green in {limit_s:g} s; the last answer was {said}"
            return CheckResult(f"health {path}", False, detail, took)
        pause.wait(_EVERY_S)
