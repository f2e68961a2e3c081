"""Who has locked a file, as the kernel tells everybody.

`/proc/locks` names the process and the file of every lock, whoever's process it is
(proc_locks(5)). A connection in WAL mode keeps a lock on the `-shm` file for as long as it is
open, or on the database itself with an exclusive locking mode; one with a rollback journal
has a lock during its transactions only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def lockers_of(files: Iterable[Path]) -> frozenset[int]:
    """Pids with a lock on one of `files`, which lie in folders that can be opened."""
    wanted = set()
    for file in files:
        with suppress(FileNotFoundError):  # whoever closes last takes the log away
            wanted.add((_device_of(file.parent), file.stat().st_ino))
    found = set()
    for line in Path("/proc/locks").read_text(encoding="utf-8").splitlines():
        # `1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF`; a waiting one has `->` in front.
        _, *fields = line.replace("->", " ").split()
        if fields[4].startswith("<none>"):
            continue
        pid, (major, minor, inode) = int(fields[3]), fields[4].split(":")
        if pid > 0 and (f"{int(major, 16)}:{int(minor, 16)}", int(inode)) in wanted:
            found.add(pid)
    return frozenset(found)


def _device_of(folder: Path) -> str:
    """The device number of its file system, in the kernel's own view.

    `st_dev` is another one on file systems with subvolumes (btrfs).
    """
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        told = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="utf-8")
    finally:
        os.close(descriptor)
    mount = next(line.split()[1] for line in told.splitlines() if line.startswith("mnt_id:"))
    for line in Path("/proc/self/mountinfo").read_bytes().splitlines():
        number, _parent, device, *_rest = line.split(b" ")
        if number == mount.encode():
            return device.decode()
    status = folder.stat()
    return f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
