"""Whether a folder with records of processes is where it was when they were written.

Whoever copies an installation copies these too: its records then name processes of the
original, which are not to be touched from the copy.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from parom.durable import write_atomically

_FILE = "place.json"


def is_copy(folder: Path) -> bool:
    """Whether its records were written in another folder. One that was renamed is no copy,
    nor one that was put back where it was."""
    try:
        known = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    here = _place(folder)
    same_folder = all(known.get(name) == here[name] for name in ("device", "inode"))
    return not same_folder and bool(known.get("path") != here["path"])


def settle(folder: Path, records: tuple[str, ...]) -> None:
    """Make a folder its own place: the `records` of another one go. May be repeated."""
    if is_copy(folder):
        for name in records:
            (folder / name).unlink(missing_ok=True)
    here = json.dumps(_place(folder)).encode()
    file = folder / _FILE
    if not file.exists() or file.read_bytes() != here:
        write_atomically(file, here, 0o600)


def _place(folder: Path) -> dict[str, Any]:
    status = folder.stat()
    path = str(folder.resolve())
    return {"path": path, "device": status.st_dev, "inode": status.st_ino}
