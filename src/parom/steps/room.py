"""Whether there is room for what a run will write, computed before anything is written."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from parom.errors import release as errors
from parom.facts import Finding
from parom.gates import capacity
from parom.ports import Database
from parom.steps.replay import spare_copies
from parom.steps.step import Installation
from parom.words.said import said

_ENVIRONMENT_BYTES = 150 << 20
"""What a release's virtual environment takes where none is there to compare with."""


def needs_of(
    installation: Installation, tree: Path | None, *, built: bool = False
) -> list[capacity.Need]:
    """Bytes for the release, the snapshot, the copies for backup and rehearsal, the backups.

    `tree` is the release's code, or what is known to be as large; `built` that its
    environment is on disk already. Where there is no database yet, nothing is copied.
    """
    root, vault = installation.config.project.root, installation.config.vault.path
    code = size_of(tree) if tree else 0
    release = 0 if built else code + _environment_bytes(installation)
    if not installation.database.exists():
        need = capacity.Need(
            str(root), said("the first release"), release, _free(installation, root)
        )
        return [need]
    database = installation.database.facts().size_bytes
    media = sum(size_of(root / name) for name in installation.config.vault.media)
    copies = release + installation.database.copies_on_disk * database + 2 * (media + code)
    backups = 2 * (database + media + code)
    if _device(root) == _device(vault):
        what = said("release, snapshot, online copy, rehearsal, restored files and two backups")
        return [capacity.Need(str(root), what, copies + backups, _free(installation, root))]
    what = said("release, snapshot, online copy, rehearsal and restored files")
    return [
        capacity.Need(str(root), what, copies, _free(installation, root)),
        capacity.Need(str(vault), said("two backups"), backups, _free(installation, vault)),
    ]


def too_little(
    installation: Installation, tree: Path | None, *, built: bool = False
) -> tuple[Finding, ...]:
    """What a run has no room for (see `needs_of`), also where the copies go that only spare a
    return some seconds. Nothing goes yet."""
    found = capacity.judge(needs_of(installation, tree, built=built))
    spare = _spare_bytes(installation.database) if found else 0
    if not spare:
        return found
    root = str(installation.config.project.root)
    needs = needs_of(installation, tree, built=built)
    return capacity.judge(
        replace(one, free=one.free + spare) if one.where == root else one for one in needs
    )


def make_room(
    installation: Installation, tree: Path | None, *, built: bool = False
) -> tuple[str, ...]:
    """Let go of those copies where there is too little room beside them; their ids."""
    if not capacity.judge(needs_of(installation, tree, built=built)):
        return ()
    spare = spare_copies(installation.database)
    for one in spare:
        installation.database.discard(one)
    return spare


def refuse_too_little(installation: Installation) -> None:
    """Before a release is fetched. Raises `gates.failed`."""
    found = too_little(installation, running_tree(installation))
    if found:
        raise errors.gates_failed(found)


def running_tree(installation: Installation) -> Path | None:
    """The release that runs, which tells how large the next will be; None where none does."""
    running = installation.layout.current()
    return installation.layout.path_of(running) if running else None


def size_of(path: Path) -> int:
    """Bytes of a file or of a folder's files; links and environments do not count."""
    return _size(path, frozenset({".venv", "__pycache__", ".parom", ".git"}))


def parent_that_exists(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    while not path.exists():
        path = path.parent
    return path


def _environment_bytes(installation: Installation) -> int:
    """As large as the environment of the release that runs; none for one that is only linked."""
    if Path(installation.config.release.dependencies).is_absolute():
        return 0
    running = installation.layout.current()
    if running is None:
        return _ENVIRONMENT_BYTES
    return _size(installation.layout.path_of(running) / ".venv", frozenset())


def _size(path: Path, without: frozenset[str]) -> int:
    if path.is_file():
        return path.stat().st_size
    total = 0
    for folder, names, files in os.walk(path):
        names[:] = [name for name in names if name not in without]
        for name in files:
            try:
                status = Path(folder, name).lstat()
            except FileNotFoundError:  # gone while we looked, as files of media may
                continue
            if not Path(folder, name).is_symlink():
                total += status.st_size
    return total


def _free(installation: Installation, path: Path) -> int:
    return installation.host.free_bytes(path)


def _spare_bytes(database: Database) -> int:
    found = (database.find_snapshot(one) for one in spare_copies(database))
    return sum(one.size_bytes for one in found if one)


def _device(path: Path) -> int:
    return parent_that_exists(path).stat().st_dev
