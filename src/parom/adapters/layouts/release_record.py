"""What marks a release as complete: a small file in it that is written last."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from parom.durable import fsync_directory, write_atomically
from parom.errors import layout as errors
from parom.facts import Release

RECORD_NAME = ".parom-release.json"
UNFINISHED = (".partial", ".removing")
"""Endings of folders that are being made or removed."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def checked_id(release_id: str) -> str:
    """The id, safe as a folder's name. Raises `layout.bad-release-id`."""
    if not _ID.fullmatch(release_id) or release_id.endswith(UNFINISHED):
        raise errors.bad_release_id(release_id)
    return release_id


def write_record(folder: Path, release: Release) -> None:
    """Mark the release in `folder` as complete, once all that it holds is on the disk."""
    # One call for tens of thousands of files, most of which are written out already.
    os.sync()
    fsync_directory(folder.parent)
    record = {
        "id": release.id,
        "source": release.source,
        "revision": release.revision,
        "created": release.created.isoformat(),
    }
    write_atomically(folder / RECORD_NAME, json.dumps(record, indent=1).encode())


def read_record(folder: Path) -> Release | None:
    """The release in `folder`; None where it is not complete."""
    path = folder / RECORD_NAME
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        record = json.loads(text)
        return Release(
            id=folder.name,
            source=str(record["source"]),
            revision=str(record["revision"]),
            created=datetime.fromisoformat(record["created"]),
        )
    except (ValueError, KeyError, TypeError) as reason:
        raise errors.unreadable_record(path, str(reason)) from reason


def recorded(releases: Path) -> tuple[Release, ...]:
    """What is complete in a folder of releases, oldest first."""
    found = [read_record(folder) for folder in _folders(releases)]
    complete = [release for release in found if release is not None]
    return tuple(sorted(complete, key=lambda release: (release.created, release.id)))


def unrecorded(releases: Path) -> tuple[Path, ...]:
    """Folders that hold no complete release."""
    return tuple(
        folder
        for folder in _folders(releases)
        if folder.name.endswith(UNFINISHED) or read_record(folder) is None
    )


def _folders(releases: Path) -> Iterator[Path]:
    if not releases.is_dir():
        return
    yield from sorted(path for path in releases.iterdir() if path.is_dir())
