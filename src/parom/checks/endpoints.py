"""Endpoints that are listed, and those that the application's OpenAPI document names."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

from parom.checks.probe import ask, probe
from parom.checks.result import CheckResult

MOST_ENDPOINTS = 200
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_CONCURRENT = 2
_OPENAPI = {"Accept": "application/vnd.oai.openapi+json, application/json"}


def check_endpoints(
    base_url: str, paths: Iterable[str], headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Each listed path must answer with a status below 400."""
    return _asked(base_url, {path: frozenset() for path in paths}, headers, limit_s)


def check_openapi(
    base_url: str, document: str, headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Each GET of the document that needs no parameter must answer as documented.

    A document that cannot be read, or names no such operation, is a failed check.
    """
    answer, body = ask(
        urljoin(base_url, document), headers={**headers, **_OPENAPI}, limit_s=limit_s
    )
    name = f"OpenAPI {document}"
    if answer.status is None or answer.status >= _CLIENT_ERROR:
        return (CheckResult(name, False, _said(answer.status, answer.error), answer.total_s),)
    try:
        wanted = operations(json.loads(body))
    except (ValueError, TypeError, AttributeError) as problem:
        return (CheckResult(name, False, f"is not an OpenAPI document in JSON: {problem}"[:200]),)
    if not wanted:
        return (CheckResult(name, False, "names no GET operation without parameters"),)
    read = CheckResult(name, True, f"{len(wanted)} operations", answer.total_s)
    return (read, *_asked(base_url, wanted, headers, limit_s))


def operations(document: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    """Paths of GET operations without required parameters, with their documented statuses."""
    found: dict[str, frozenset[int]] = {}
    for path, item in document["paths"].items():
        get = item.get("get")
        parameters = [*item.get("parameters", ()), *((get or {}).get("parameters", ()))]
        if get is None or "{" in path or any(one.get("required") for one in parameters):
            continue
        found[path] = frozenset(int(code) for code in get.get("responses", {}) if code.isdigit())
        if len(found) == MOST_ENDPOINTS:
            break
    return found


def _asked(
    base_url: str,
    paths: Mapping[str, frozenset[int]],
    headers: Mapping[str, str],
    limit_s: float,
) -> tuple[CheckResult, ...]:
    def one(path: str) -> CheckResult:
        began = time.monotonic()
        answer = probe(urljoin(base_url, path), headers=headers, limit_s=limit_s)
        allowed = paths[path]
        good = answer.status is not None and (
            answer.status < _CLIENT_ERROR
            or (answer.status in allowed and answer.status < _SERVER_ERROR)
        )
        detail = _said(answer.status, answer.error)
        return CheckResult(f"GET {path}", good, detail, time.monotonic() - began)

    with ThreadPoolExecutor(max_workers=_CONCURRENT) as pool:
        return tuple(pool.map(one, paths))


def _said(status: int | None, error: str) -> str:
    return error if status is None else f"HTTP {status}"
