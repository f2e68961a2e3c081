"""Where acknowledged writes are. Reads the files themselves; shares no code with the engine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Writes:
    """Acknowledged writes: still live, listed in quarantine, or nowhere."""

    acknowledged: int
    present: int
    listed: int
    lost: int


def where(keys: Sequence[str], database: Path, quarantine: Path | None = None) -> Writes:
    """Look every key up in the live database and in what was put aside."""
    live = _present(database)
    saved = _listed(quarantine) if quarantine else set()
    present = sum(1 for key in keys if key in live)
    listed = sum(1 for key in keys if key not in live and key in saved)
    return Writes(len(keys), present, listed, len(keys) - present - listed)


def _present(database: Path) -> set[str]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT external_id FROM vacancies_vacancy WHERE external_id LIKE 'load-%'"
        )
        return {str(key) for (key,) in rows}
    finally:
        connection.close()


def _listed(folder: Path) -> set[str]:
    found = set()
    for file in folder.glob("*/rows.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["table"] == "vacancies_vacancy" and row["row"]:
                found.add(row["row"]["external_id"])
    return found
