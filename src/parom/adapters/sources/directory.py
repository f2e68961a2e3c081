"""A folder as a source: its revision is the SHA-256 of its tree."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from parom.errors import source as errors
from parom.facts import SourceRevision

ALWAYS_LEFT_OUT = (".git", ".venv", "venv", "__pycache__", "node_modules", "*.pyc", ".parom")


class DirectorySource:
    """Takes the folder `path/subfolder` without what `exclude` (patterns of names or of
    paths relative to the folder) leaves out. `ref` says nothing here."""

    def __init__(self, path: Path, subfolder: str = "", exclude: tuple[str, ...] = ()) -> None:
        self._top = path / subfolder if subfolder else path
        self._exclude = (*ALWAYS_LEFT_OUT, *(name.rstrip("/") for name in exclude))

    def resolve(self, ref: str) -> SourceRevision:  # noqa: ARG002
        if not self._top.is_dir():
            raise errors.no_folder(str(self._top))
        digest = tree_digest(self._top, self._files(self._top))
        return SourceRevision(f"folder {self._top}", digest, digest[:7])

    def fetch(self, revision: SourceRevision, destination: Path) -> None:
        partial = destination.with_name(destination.name + ".partial")
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        for relative in self._files(self._top):
            target = partial / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self._top / relative, target, follow_symlinks=False)
        if tree_digest(partial, self._files(partial)) != revision.revision:
            shutil.rmtree(partial)
            raise errors.changed_meanwhile(str(self._top))
        partial.rename(destination)

    def _files(self, top: Path) -> list[str]:
        return sorted(_walk(top, "", self._exclude))


def tree_digest(top: Path, files: list[str]) -> str:
    """SHA-256 over names, the executable bit, and contents (or link targets)."""
    digest = hashlib.sha256()
    for relative in files:
        path = top / relative
        if path.is_symlink():
            kind, content = b"l", str(path.readlink()).encode()
        else:
            kind = b"x" if path.stat().st_mode & 0o100 else b"f"
            with path.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").digest()
        name = relative.encode()
        digest.update(b"%d %s %s %d " % (len(name), name, kind, len(content)) + content)
    return digest.hexdigest()


def _walk(top: Path, inside: str, exclude: tuple[str, ...]) -> Iterator[str]:
    for entry in os.scandir(top / inside):
        relative = f"{inside}/{entry.name}" if inside else entry.name
        if any(
            fnmatch.fnmatchcase(entry.name, pattern) or fnmatch.fnmatchcase(relative, pattern)
            for pattern in exclude
        ):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(top, relative, exclude)
        elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
            yield relative
