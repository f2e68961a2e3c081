"""What an adoption moves: found out once, written down before the first move."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from parom.adapters.layouts.in_place import NOT_CODE
from parom.adapters.layouts.shared import (
    SQLITE_SIBLINGS,
    SharedName,
    belongs_to,
    parse_names,
)
from parom.durable import fsync_directory, write_atomically
from parom.errors import layout as errors
from parom.tree import EntryKind, Tree, exclusion, fingerprint, scan

_OURS = ("releases", "shared", "current")
_UNDER_WAY, _FINISHED = "adoption.json", "adopted.json"


@dataclass(frozen=True)
class Adoption:
    """A stored format. Names are relative to their roots."""

    root: str
    target_root: str
    shared: tuple[str, ...]
    release_id: str
    revision: str
    created: str
    moved: tuple[str, ...]
    """Shared files and folders that exist, with SQLite's companion files."""
    linked: tuple[tuple[str, str, str], ...]
    """Shared names that are links already, with where they lead and how they say it."""
    aside: tuple[str, ...]
    """Members of the old root that are put aside at the end, where both roots are one."""
    environment: str
    """The name of the virtual environment in the old root; empty where there is none."""

    def leaves_link(self, name: str) -> bool:
        """Whether a link is left where a moved name was. SQLite finds its companion files
        beside the real database, not beside a link to it."""
        return not any(
            name.endswith(ending) and name.removesuffix(ending) in self.moved
            for ending in SQLITE_SIBLINGS
        )


def plan_adoption(
    root: Path, target_root: Path, shared: Sequence[str], now: datetime, environment: str
) -> Adoption:
    """Look at an installation; nothing is changed. Raises `layout.no-application`,
    `layout.name-taken`, `layout.other-file-system`."""
    names = parse_names(shared)
    tree = code_of(root, target_root, names)
    if not any(path.suffix == ".py" for path in tree):
        raise errors.no_application(root)
    _check_names(target_root)
    revision = fingerprint(tree)
    return Adoption(
        root=str(root),
        target_root=str(target_root),
        shared=tuple(shared),
        release_id=f"{now:%Y%m%d-%H%M%S}-{revision[:7]}",
        revision=revision,
        created=now.isoformat(),
        moved=_to_be_moved(root, target_root, names),
        linked=tuple(
            (
                str(name.path),
                os.path.realpath(root / name.path),
                str((root / name.path).readlink()),
            )
            for name in names
            if (root / name.path).is_symlink()
        ),
        aside=_to_be_put_aside(tree, names) if root == target_root else (),
        environment=environment if (root / environment).is_dir() else "",
    )


def code_of(root: Path, target_root: Path, names: Sequence[SharedName]) -> Tree:
    """What is code in an installation. Raises `layout.no-application`."""
    is_shared, is_no_code = belongs_to(names), exclusion(NOT_CODE)

    def left_out(path: PurePosixPath) -> bool:
        place = root / path
        is_environment = (place / "pyvenv.cfg").is_file()
        is_ours = place == target_root or (place.parent == target_root and place.name in _OURS)
        return is_shared(path) or is_no_code(path) or is_environment or is_ours

    if not root.is_dir():
        raise errors.no_application(root)
    return scan(root, left_out)


def begin(adoption: Adoption) -> None:
    """Write the plan down."""
    path = Path(adoption.target_root) / ".parom" / _UNDER_WAY
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, json.dumps(asdict(adoption)).encode(), 0o600)


def under_way(target_root: Path) -> Adoption | None:
    return _read(target_root / ".parom" / _UNDER_WAY)


def finished(target_root: Path) -> Adoption | None:
    return _read(target_root / ".parom" / _FINISHED)


def finish(target_root: Path) -> None:
    _rename(target_root, _UNDER_WAY, _FINISHED)


def reopen(target_root: Path) -> None:
    _rename(target_root, _FINISHED, _UNDER_WAY)


def forget(target_root: Path) -> None:
    (target_root / ".parom" / _UNDER_WAY).unlink(missing_ok=True)
    fsync_directory(target_root / ".parom")


def _rename(target_root: Path, old: str, new: str) -> None:
    folder = target_root / ".parom"
    (folder / old).rename(folder / new)
    fsync_directory(folder)


def _read(path: Path) -> Adoption | None:
    try:
        record = json.loads(path.read_bytes())
        record["linked"] = tuple(tuple(pair) for pair in record["linked"])
        lists = {name: tuple(record[name]) for name in ("shared", "moved", "aside")}
        return Adoption(**{**record, **lists})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as reason:
        raise errors.unreadable_record(path, str(reason)) from reason


def _check_names(target_root: Path) -> None:
    for name in _OURS:
        path = target_root / name
        if os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir())):
            raise errors.name_taken(path)


def _to_be_moved(root: Path, target_root: Path, names: Sequence[SharedName]) -> tuple[str, ...]:
    found = []
    device = _existing(target_root).stat().st_dev
    for name in names:
        # The database itself last: as long as it is at its old place, all of it is found.
        for ending in (*SQLITE_SIBLINGS, ""):
            path = root / f"{name.path}{ending}"
            if path.is_symlink() or not path.exists():
                continue
            if path.stat().st_dev != device:
                raise errors.other_file_system(path, target_root / "shared")
            found.append(f"{name.path}{ending}")
    return tuple(found)


def _to_be_put_aside(tree: Tree, names: Sequence[SharedName]) -> tuple[str, ...]:
    """Whole folders, but single files where something shared lies in the same folder."""
    mixed = {name.path.parts[0] for name in names if len(name.path.parts) > 1}
    return tuple(
        str(path)
        for path, entry in tree.items()
        if (len(path.parts) == 1 and path.name not in mixed)
        or (path.parts[0] in mixed and entry.kind is not EntryKind.FOLDER)
    )


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
