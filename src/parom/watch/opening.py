"""Opens a generation of a log, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import zstandard

COMPRESSED = (".gz", ".bz2", ".xz", ".zst")
READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)
"""What reading raises where a file is gone, not whole yet, or broken."""


@contextmanager
def opened(path: Path, inode: int) -> Iterator[IO[bytes]]:
    """The content of this very file, to be read forwards. Raises one of `READ_ERRORS`."""
    # Not waiting: where a pipe has taken the name, opening would wait for its writer.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as raw:
        if os.fstat(descriptor).st_ino != inode:
            message = f"{path} is another file by now"
            raise FileNotFoundError(message)
        with _content(raw, path.suffix) as stream:
            yield stream


def _content(raw: IO[bytes], suffix: str) -> IO[bytes]:
    match suffix:
        case ".gz":
            return gzip.GzipFile(fileobj=raw, mode="rb")  # type: ignore[return-value]
        case ".bz2":
            return bz2.BZ2File(raw)
        case ".xz":
            return lzma.LZMAFile(raw)
        case ".zst":
            unpacking = zstandard.ZstdDecompressor()
            return unpacking.stream_reader(raw, read_across_frames=True, closefd=False)
    return raw
