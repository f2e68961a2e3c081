"""A copy made ahead, and made exact once the original stands still.

Writing and syncing a gigabyte takes seconds; comparing one in the page cache takes a
fraction of one. So the bytes are copied and synced while the application runs, and under
the stop only the pages that differ are written.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_FICLONE = 0x40049409
"""ioctl of Linux (linux/fs.h): share the blocks of another file, where supported."""
_SYNC_FILE_RANGE_WRITE = 2
_LIBC = ctypes.CDLL(None)
_CHUNK = 1 << 18
_PAGE = 4096
_COPY_CHUNK = 8 << 20

Progress = Callable[[int, int], None]


def copy_ahead(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Copy the bytes of a file that may be changing, and put them on disk."""
    with source.open("rb") as original, target.open("wb") as copy:
        size = os.fstat(original.fileno()).st_size
        if not _cloned(original.fileno(), copy.fileno()):
            done = 0
            while done < size:
                count = os.copy_file_range(original.fileno(), copy.fileno(), _COPY_CHUNK)
                if count == 0:
                    break
                _begin_to_write(copy.fileno(), done, count)
                done += count
                if progress:
                    progress(done, size)
        os.fsync(copy.fileno())


def _begin_to_write(file: int, start: int, count: int) -> None:
    """Let the disk be at work while the rest is copied: little is left for the end to wait for.

    It promises nothing (sync_file_range(2)); `fsync` does.
    """
    _LIBC.sync_file_range(
        file, ctypes.c_int64(start), ctypes.c_int64(count), _SYNC_FILE_RANGE_WRITE
    )


def make_equal(source: Path, target: Path) -> int:
    """Make `target` byte-equal to `source`, which stands still; returns bytes written.

    On return the copy is on disk. Reading is the longest part of it, and the public waits:
    it is shared out to the processors, as reading lets other threads run.
    """
    with source.open("rb") as original, target.open("r+b") as copy:
        size = os.fstat(original.fileno()).st_size
        os.ftruncate(copy.fileno(), size)
        shares = os.cpu_count() or 1
        step = -(-size // (shares * _CHUNK)) * _CHUNK or _CHUNK

        def share(start: int) -> int:
            end = min(start + step, size)
            return _make_part_equal(original.fileno(), copy.fileno(), start, end)

        with ThreadPoolExecutor(max_workers=shares) as pool:
            written = sum(pool.map(share, range(0, size, step)))
        os.fsync(copy.fileno())
    return written


def _make_part_equal(original: int, copy: int, start: int, end: int) -> int:
    written, wanted, found = 0, bytearray(_CHUNK), bytearray(_CHUNK)
    for offset in range(start, end, _CHUNK):
        length = os.preadv(original, [wanted], offset)
        os.preadv(copy, [found], offset)
        if wanted != found:
            written += _write_differing(copy, offset, wanted, found, length)
    return written


def _write_differing(
    descriptor: int, start: int, wanted: bytearray, found: bytearray, length: int
) -> int:
    written = 0
    for offset in range(0, length, _PAGE):
        end = min(offset + _PAGE, length)
        page = wanted[offset:end]
        if page != found[offset:end]:
            written += os.pwrite(descriptor, page, start + offset)
    return written


def _cloned(source: int, target: int) -> bool:
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:  # the file system shares no blocks: copy them
        return False
    return True
