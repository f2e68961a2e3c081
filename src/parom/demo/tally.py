"""What the load says against what the database and the quarantine say.

Reads files and server itself, and shares no code with the engine.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

_NAMES = "SELECT external_id, name FROM vacancies_vacancy"


@dataclass(frozen=True)
class Requests:
    """What clients saw between two moments."""

    total: int
    failed: int
    """Neither answered with success nor with a clean 503."""
    refused: int
    """Clean 503s: with Retry-After."""
    longest_wait_s: float
    failures: tuple[str, ...]


@dataclass(frozen=True)
class Writes:
    """Acknowledged writes and where they are. `lost` must be empty."""

    acknowledged: int
    present: int
    quarantined: int
    lost: tuple[str, ...]


def read_load(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def requests_between(records: Iterable[dict[str, Any]], start: float, end: float) -> Requests:
    """Requests that were under way at any time from `start` to `end` (epoch seconds)."""
    seen = [one for one in records if one["started"] <= end]
    seen = [one for one in seen if one["started"] + one["seconds"] >= start]
    failed = [one for one in seen if not _good(one) and not one["clean"]]
    return Requests(
        total=len(seen),
        failed=len(failed),
        refused=sum(1 for one in seen if one["clean"]),
        longest_wait_s=round(max((one["seconds"] for one in seen), default=0.0), 2),
        failures=tuple(sorted({f"{one['status']} {one['error']}".strip() for one in failed}))[:10],
    )


def writes(records: Iterable[dict[str, Any]], live: Mapping[str, str], quarantine: Path) -> Writes:
    """Each acknowledged write is in the database, in a quarantine file, or lost.

    `live` are the names that are in the database, by their keys. A later attempt that got no
    answer may have been carried out: its value counts as well.
    """
    expected: dict[str, list[tuple[bool, str]]] = {}
    for one in sorted(records, key=lambda one: float(one["started"])):
        if one["kind"] in ("create", "update"):
            expected.setdefault(one["key"], []).append((_good(one), one["value"]))
    saved = _quarantined(quarantine)
    present = quarantined = 0
    lost = []
    for key, attempts in expected.items():
        for number, (acknowledged, value) in enumerate(attempts):
            if not acknowledged:
                continue
            later = {value, *(other for _, other in attempts[number + 1 :])}
            if live.get(key) in later:
                present += 1
            elif saved.get(key, set()) & later:
                quarantined += 1
            else:
                lost.append(f"{key}: {value}")
    return Writes(present + quarantined + len(lost), present, quarantined, tuple(lost))


def _good(record: dict[str, Any]) -> bool:
    return record["status"] in (200, 201)


def names_in_file(database: Path) -> dict[str, str]:
    """The names in a SQLite database, by their keys."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return {str(key): str(name) for key, name in connection.execute(_NAMES)}
    finally:
        connection.close()


def names_on_server(url: str) -> dict[str, str]:
    """The same of a database on a PostgreSQL server."""
    with psycopg.connect(url) as connection:
        return {str(key): str(name) for key, name in connection.execute(_NAMES)}


def _quarantined(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in folder.glob("*/rows.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            whole = row["table"] == "vacancies_vacancy" and row["row"] and not row.get("carried")
            if whole:
                found.setdefault(row["row"]["external_id"], set()).add(row["row"]["name"])
    return found
