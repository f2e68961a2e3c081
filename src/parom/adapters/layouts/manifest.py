"""The manifest of a release: every file that it installs, with its hash."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from parom.durable import write_atomically
from parom.errors import layout as errors
from parom.tree import Entry, EntryKind, LeftOut, Tree


def save_manifest(path: Path, tree: Tree) -> None:
    """Write a manifest; its folder must exist."""
    record = {
        str(name): [entry.kind.value, entry.mode, entry.content] for name, entry in tree.items()
    }
    write_atomically(path, json.dumps(record, separators=(",", ":")).encode(), 0o600)


def load_manifest(path: Path, left_out: LeftOut) -> dict[PurePosixPath, Entry]:
    """Read a manifest without what is left out today.

    What is shared may have changed since it was written: what is shared now is not code.
    Raises `layout.unreadable-record`.
    """
    try:
        record = json.loads(path.read_bytes())
        tree = {
            PurePosixPath(name): Entry(EntryKind(kind), int(mode), str(content))
            for name, (kind, mode, content) in record.items()
        }
    except (OSError, ValueError, TypeError, AttributeError) as reason:
        raise errors.unreadable_record(path, str(reason)) from reason
    return {name: entry for name, entry in tree.items() if not _any_left_out(name, left_out)}


def _any_left_out(name: PurePosixPath, left_out: LeftOut) -> bool:
    return any(left_out(part) for part in (name, *name.parents) if part.parts)
