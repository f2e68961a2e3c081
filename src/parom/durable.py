"""Changes to files that hold after a power cut, and are whole or absent at every instant.

A rename is atomic but not durable: the file's bytes and the directory's entry each need
their own fsync (rename(2), fsync(2)).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

_SUFFIX = ".parom-new"


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path` with exactly `mode`: readers see the old bytes or the new ones.

    The folder must exist. What killed writers left beside `path` goes away.
    """
    clear_abandoned(path)
    temporary = _beside(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_directory(path.parent)


def fsync_directory(path: Path) -> None:
    """Make what was created, renamed or removed in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_symlink(path: Path, target: Path | str) -> None:
    """Make `path` a symbolic link to `target` in one step; there is always the old or the new.

    What lies at `path` may be a link, a file or nothing. Raises IsADirectoryError where it
    is a folder.
    """
    clear_abandoned(path)
    if not (path.is_symlink() and path.readlink() == Path(target)):
        temporary = _beside(path)
        temporary.symlink_to(target)
        try:
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    # Also where the link was right already: the process that put it may have been killed
    # before it came here.
    fsync_directory(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}{_SUFFIX}")


def clear_abandoned(path: Path) -> None:
    """Remove what writers of `path` that no longer live left beside it."""
    start = f".{path.name}."
    for entry in path.parent.iterdir():
        if entry.name.startswith(start) and entry.name.endswith(_SUFFIX):
            _clear(entry, entry.name[len(start) : -len(_SUFFIX)])


def clear_abandoned_inside(folder: Path) -> None:
    """The same for all files of a folder, where one may have no next writer."""
    for entry in folder.glob(f".*{_SUFFIX}"):
        _clear(entry, ".".join(entry.name.removesuffix(_SUFFIX).rsplit(".", 2)[1:]))


def _clear(entry: Path, mark: str) -> None:
    writer, _, _thread = mark.partition(".")
    if writer.isdigit() and not _is_alive(int(writer)):
        entry.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
