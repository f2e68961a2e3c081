"""The manifest of a release: every file that it installs, with its hash."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from parom.durable import write_atomically
from parom.errors import layout as errors
from parom.tree import Entry, EntryKind, LeftOut, Tree


@dataclass(frozen=True)
class Manifest:
    """What a release installs."""

    tree: Tree
    certain: bool = True
    """False where it was read from an installation, in which code and what the
    application or a person put beside it cannot be told apart."""

    def removable(self) -> dict[PurePosixPath, Entry]:
        """Members that may go when a release without them is installed.

        Of an uncertain manifest only Python sources and the folders they lie in: a module
        left behind can still be imported, while an upload that is removed is a loss.
        """
        if self.certain:
            return dict(self.tree)
        sources = [
            path
            for path, entry in self.tree.items()
            if path.suffix == ".py" and entry.kind is EntryKind.FILE
        ]
        folders = {parent for path in sources for parent in path.parents if parent.parts}
        return {path: self.tree[path] for path in (*sources, *folders) if path in self.tree}


def save_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest; its folder must exist."""
    members = {
        str(name): [entry.kind.value, entry.mode, entry.content]
        for name, entry in manifest.tree.items()
    }
    record = {"certain": manifest.certain, "members": members}
    write_atomically(path, json.dumps(record, separators=(",", ":")).encode(), 0o600)


def load_manifest(path: Path, left_out: LeftOut) -> Manifest:
    """Read a manifest without what is left out today.

    What is shared may have changed since it was written: what is shared now is not code.
    Raises `layout.unreadable-record`.
    """
    try:
        record = json.loads(path.read_bytes())
        tree = {
            PurePosixPath(name): Entry(EntryKind(kind), int(mode), str(content))
            for name, (kind, mode, content) in record["members"].items()
        }
        certain = bool(record["certain"])
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as reason:
        raise errors.unreadable_record(path, str(reason)) from reason
    kept = {name: entry for name, entry in tree.items() if not _lies_in(name, left_out)}
    return Manifest(kept, certain)


def _lies_in(name: PurePosixPath, left_out: LeftOut) -> bool:
    return any(left_out(part) for part in (name, *name.parents) if part.parts)
