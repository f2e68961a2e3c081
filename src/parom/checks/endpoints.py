"""Endpoints that are listed, and those that the application's OpenAPI document names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from parom.checks.openapi import Operation, operations
from parom.checks.probe import ask
from parom.checks.result import CheckResult, told
from parom.checks.target import url_of

MOST_ENDPOINTS = 200
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_UNAUTHORISED = (401, 403)
_CONCURRENT = 2
_OPENAPI = {"Accept": "application/vnd.oai.openapi+json, application/json"}


def check_endpoints(
    base_url: str, paths: Iterable[str], headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Each listed path must answer with a status below 400."""
    return _asked(base_url, list(paths), lambda _, status: status < _CLIENT_ERROR, headers, limit_s)


def check_openapi(
    base_url: str, document: str, headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Each GET of the document that needs no parameter must answer as documented.

    That is a status below 400, or one below 500 that the document names. A document that
    cannot be read, or names no such operation, is a failed check. The first 200 operations
    are asked; the first result says how many there are.
    """
    name = f"OpenAPI {document}"
    answer, body = ask(url_of(base_url, document), headers={**headers, **_OPENAPI}, limit_s=limit_s)
    if answer.status is None or answer.status >= _CLIENT_ERROR:
        return (CheckResult(name, False, told(answer.status, answer.error, body), answer.total_s),)
    try:
        named = operations(json.loads(body))
    except (ValueError, TypeError, AttributeError, LookupError) as problem:
        detail = f"is not an OpenAPI document in JSON: {type(problem).__name__}: {problem}"
        return (CheckResult(name, False, detail[:200], answer.total_s),)
    if not named:
        return (CheckResult(name, False, "names no GET operation without parameters"),)
    wanted = {one.path: one for one in named[:MOST_ENDPOINTS]}
    left = len(named) - MOST_ENDPOINTS
    counted = f"{len(named)} operations" + (f", {left} of them not asked" if left > 0 else "")
    read = CheckResult(name, True, counted, answer.total_s)
    return (
        read,
        *_asked(
            base_url,
            list(wanted),
            lambda path, status: _as_documented(wanted[path], status),
            headers,
            limit_s,
        ),
    )


def _as_documented(operation: Operation, status: int) -> bool:
    return status < _CLIENT_ERROR or (status < _SERVER_ERROR and operation.names(status))


def _asked(
    base_url: str,
    paths: Iterable[str],
    good: Callable[[str, int], bool],
    headers: Mapping[str, str],
    limit_s: float,
) -> tuple[CheckResult, ...]:
    def one(path: str) -> CheckResult:
        answer, body = ask(url_of(base_url, path), headers=headers, limit_s=limit_s)
        if answer.status is not None and good(path, answer.status):
            return CheckResult(f"GET {path}", True, f"HTTP {answer.status}", answer.total_s)
        detail = told(answer.status, answer.error, body)
        if answer.status in _UNAUTHORISED:
            detail += " (checks.headers_file can hold a token)"
        return CheckResult(f"GET {path}", False, detail, answer.total_s)

    with ThreadPoolExecutor(max_workers=_CONCURRENT) as pool:
        return tuple(pool.map(one, paths))
