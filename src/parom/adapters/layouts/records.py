"""The mark that makes a release complete: a small file, written last."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from parom.durable import write_atomically
from parom.facts import Release

NAME = ".parom-release.json"


def write(folder: Path, release: Release) -> None:
    record = {**asdict(release), "created": release.created.isoformat()}
    write_atomically(folder / NAME, json.dumps(record, indent=1).encode(), 0o644)


def read(folder: Path) -> Release | None:
    """The release in a folder; None where it was never completed."""
    try:
        record = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Release(**{**record, "created": datetime.fromisoformat(record["created"])})


def all_in(folder: Path) -> tuple[Release, ...]:
    """Complete releases below a folder, oldest first."""
    if not folder.is_dir():
        return ()
    found = [release for one in folder.iterdir() if (release := read(one)) is not None]
    return tuple(sorted(found, key=lambda release: (release.created, release.id)))
