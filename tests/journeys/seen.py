"""What a visitor and somebody with sqlite3 see of an installation; nothing of Parom is used."""

from __future__ import annotations

import json
import sqlite3
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.ferry import Ferry


def get(ferry: Ferry, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(ferry.url + path, timeout=120) as answer:
        return dict(json.loads(answer.read()))


def write_note(ferry: Ferry, text: str) -> int:
    """The id that the application acknowledged."""
    request = urllib.request.Request(
        ferry.url + "/notes/", json.dumps({"text": text}).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return int(json.loads(answer.read())["id"])


def rows(ferry: Ferry, columns: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{ferry.live_database}?mode=ro", uri=True, timeout=60)
    try:
        return connection.execute(f"SELECT {columns} FROM notes_note ORDER BY id").fetchall()
    finally:
        connection.close()


def columns(ferry: Ferry) -> set[str]:
    connection = sqlite3.connect(f"file:{ferry.live_database}?mode=ro", uri=True, timeout=60)
    try:
        return {row[1] for row in connection.execute("PRAGMA table_info(notes_note)")}
    finally:
        connection.close()


def tables(ferry: Ferry) -> set[str]:
    connection = sqlite3.connect(f"file:{ferry.live_database}?mode=ro", uri=True, timeout=60)
    try:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    finally:
        connection.close()


def quarantine(ferry: Ferry) -> list[dict[str, Any]]:
    folder: Path = ferry.root / ".parom" / "quarantine"
    return [
        json.loads(line)
        for file in sorted(folder.glob("*/rows.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def begun(ferry: Ferry, step: str) -> int:
    """How often a run has come to a step. Asking Parom itself takes a second, in which a short
    step is over."""
    journal = ferry.root / ".parom" / "journal.sqlite3"
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=60)
    try:
        question = "SELECT count(*) FROM journal_event WHERE kind = 'intent' AND step = ?"
        return int(connection.execute(question, (step,)).fetchone()[0])
    finally:
        connection.close()
