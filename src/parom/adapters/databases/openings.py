"""Whether anybody opens a file, told by the kernel (inotify(7))."""

from __future__ import annotations

import ctypes
import os
import select
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OPENED, _MOVED, _DELETED, _LINKED = 0x20, 0x800, 0x400, 0x4
"""IN_OPEN, IN_MOVE_SELF, IN_DELETE_SELF, and IN_ATTRIB: another number of links, among others."""
_EVENT = struct.Struct("iIII")
"""Of an event its watch, mask, cookie and the length of a name, of which a file has none."""
_ROOM = 1 << 16


class FileOpenings:
    """The openings of one file since this was made, by whatever name or link it is opened.

    Equal events that nobody has taken yet are one to the kernel, so they cannot be counted;
    that there was one is certain.
    """

    def __init__(self, inotify: int) -> None:
        self._inotify = inotify

    def wait_for_first(self, limit_s: float) -> bool:
        if not select.select([self._inotify], [], [], limit_s)[0]:
            return False
        # One that was moved or linked meanwhile may be another one by now.
        return all(mask == _OPENED for mask in self._taken())

    def further(self) -> bool:
        return bool(self._taken())

    def _taken(self) -> list[int]:
        """The masks of all that has happened by now."""
        masks = []
        while select.select([self._inotify], [], [], 0)[0]:
            events = os.read(self._inotify, _ROOM)
            while events:
                _, mask, _, named = _EVENT.unpack_from(events)
                masks.append(mask)
                events = events[_EVENT.size + named :]
        return masks


@contextmanager
def openings_of(file: Path) -> Iterator[FileOpenings | None]:
    """None where the kernel does not watch it: no such file, or too many watches."""
    libc = ctypes.CDLL(None, use_errno=True)
    inotify = libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    if inotify < 0:
        yield None
        return
    try:
        wanted = _OPENED | _MOVED | _DELETED | _LINKED
        watch = libc.inotify_add_watch(inotify, os.fsencode(file.resolve()), wanted)
        yield FileOpenings(inotify) if watch >= 0 else None
    finally:
        os.close(inotify)
