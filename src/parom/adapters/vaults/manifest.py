"""manifest.json: what a backup holds and how it was proven, with a checksum of its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from parom.durable import write_atomically
from parom.errors import vault as errors
from parom.facts import BackupManifest, BackupPart, TableCount
from parom.words.said import said

NAME = "manifest.json"
FORMAT = 2
_WITH_SHA256 = 1
"""The format in which each part has the SHA-256 of its tar stream. It is read as before."""
_LARGEST = 16 << 20


def write(folder: Path, manifest: BackupManifest) -> None:
    record = {**asdict(manifest), "created": manifest.created.isoformat()}
    text = json.dumps({"manifest": record, "sha256": _checksum(record)}, indent=1, sort_keys=True)
    write_atomically(folder / NAME, text.encode(), 0o600)


def read(folder: Path) -> BackupManifest:
    """Raises `vault.damaged` for anything but what `write` wrote."""
    file = folder / NAME
    try:
        if file.stat().st_size > _LARGEST:
            raise errors.damaged(folder.name, said("{file} is too large", file=NAME))
        document = json.loads(file.read_text("utf-8"))
        record = document["manifest"]
        if document["sha256"] != _checksum(record):
            raise errors.damaged(
                folder.name, said("{file} does not match its own checksum", file=NAME)
            )
        if record["format"] not in (_WITH_SHA256, FORMAT):
            why = f"{NAME} has format {record['format']}, this Parom reads {FORMAT}"
            raise errors.damaged(folder.name, why)
        is_first = record["format"] == _WITH_SHA256
        if any(bool(one.get("plain_sha256")) != is_first for one in record["parts"]):
            why = f"{NAME} has a part that is not of format {record['format']}"
            raise errors.damaged(folder.name, why)
        return _from_record(record)
    except (ValueError, KeyError, TypeError) as problem:
        raise errors.damaged(
            folder.name, said("{file} cannot be read ({problem})", file=NAME, problem=problem)
        ) from None


def _from_record(record: dict[str, Any]) -> BackupManifest:
    return BackupManifest(
        **{
            **record,
            "created": datetime.fromisoformat(record["created"]),
            "parts": tuple(BackupPart(**part) for part in record["parts"]),
            "tables": tuple(TableCount(**table) for table in record["tables"]),
            "migrations": tuple(record["migrations"]),
            "recipients": tuple(record["recipients"]),
        }
    )


def _checksum(record: dict[str, Any]) -> str:
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
