"""Endpoints that are listed, and those that the application's OpenAPI document names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from parom.checks.openapi import Operation, operations
from parom.checks.probe import ask
from parom.checks.result import CheckResult, told
from parom.checks.target import url_of
from parom.words.said import joined, said

MOST_ENDPOINTS = 200
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_NOT_LOGGED_IN = 401
_UNAUTHORISED = (_NOT_LOGGED_IN, 403)
_LOGS_IN = frozenset({"authorization", "cookie", "x-api-key"})
"""Headers with which a check says who it is."""
_CONCURRENT = 2
_SHOWN = 160
_OPENAPI = {"Accept": "application/vnd.oai.openapi+json, application/json"}


def check_endpoints(
    base_url: str, paths: Iterable[str], headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Each listed path must answer with a status below 400."""
    return _asked(base_url, list(paths), lambda _, status: status < _CLIENT_ERROR, headers, limit_s)


def check_openapi(
    base_url: str, document: str, headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Read the document and ask what it names: see `read_openapi` and `check_operations`."""
    read, named = read_openapi(base_url, document, headers, limit_s)
    return (read, *check_operations(base_url, named, headers, limit_s))


def check_operations(
    base_url: str, named: Sequence[Operation], headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, ...]:
    """Each operation must answer as documented: with a status below 400, or one below 500 that
    the document names. A 401 to the token of the checks is no right answer, however documented.
    """
    wanted = {one.path: one for one in named[:MOST_ENDPOINTS]}
    refused = {_NOT_LOGGED_IN} if any(name.lower() in _LOGS_IN for name in headers) else set()
    return _asked(
        base_url,
        list(wanted),
        lambda path, status: status not in refused and _as_documented(wanted[path], status),
        headers,
        limit_s,
    )


def read_openapi(
    base_url: str, document: str, headers: Mapping[str, str], limit_s: float
) -> tuple[CheckResult, tuple[Operation, ...]]:
    """The GET operations of the document that need no parameter, and whether it could be read.

    A document that cannot be read, or names no such operation, is a failed check. The first 200
    operations are asked; the result says how many there are.
    """
    name = f"OpenAPI {document}"
    answer, body = ask(url_of(base_url, document), headers={**headers, **_OPENAPI}, limit_s=limit_s)
    if answer.status is None or answer.status >= _CLIENT_ERROR:
        detail = told(answer.status, answer.error, body)
        return CheckResult(name, False, detail, answer.total_s), ()
    try:
        named = operations(json.loads(body))
    except (ValueError, TypeError, AttributeError, LookupError) as problem:
        what = f"{type(problem).__name__}: {problem}"[:_SHOWN]
        detail = said("is not an OpenAPI document in JSON: {what}", what=what)
        return CheckResult(name, False, detail, answer.total_s), ()
    if not named:
        return CheckResult(name, False, said("names no GET operation without parameters")), ()
    left = len(named) - MOST_ENDPOINTS
    counted = (
        said("{n} operations, {left} of them not asked", n=len(named), left=left)
        if left > 0
        else said("{n} operations", n=len(named))
    )
    return CheckResult(name, True, counted, answer.total_s), named


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
            detail = joined([detail, said(" (checks.headers_file can hold a token)")], "")
        return CheckResult(f"GET {path}", False, detail, answer.total_s)

    with ThreadPoolExecutor(max_workers=_CONCURRENT) as pool:
        return tuple(pool.map(one, paths))
