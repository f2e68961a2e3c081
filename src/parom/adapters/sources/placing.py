"""Bringing a tree to its place: a whole one or none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from parom.durable import fsync_directory
from parom.errors import source as errors
from parom.tree import escaping_links, scan
from parom.words.said import said


@contextmanager
def placed(destination: Path) -> Iterator[Path]:
    """A path beside `destination` that becomes it at the end; gone if anything fails.

    What a killed call left there is cleared first. Raises `source.unsafe-archive` for
    links that lead out of the tree.
    """
    partial = destination.with_name(destination.name + ".partial")
    _clear(partial)
    partial.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield partial
        _check_links(partial)
    except BaseException:
        _clear(partial)
        raise
    partial.rename(destination)
    fsync_directory(destination.parent)


def checked_subfolder(subfolder: str) -> str:
    """The folder without slashes at its ends. Raises `source.bad-subfolder`."""
    path = PurePosixPath(subfolder.rstrip("/"))
    if path.is_absolute() or ".." in path.parts or ":" in subfolder:
        raise errors.bad_subfolder(subfolder)
    return "" if not path.parts else str(path)


def _check_links(top: Path) -> None:
    escaping = escaping_links(top, scan(top, lambda _path: False))
    if escaping:
        raise errors.unsafe_archive(said("the link {path}", path=escaping[0]))


def _clear(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
