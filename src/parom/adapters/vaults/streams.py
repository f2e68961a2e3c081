"""Small readers and writers between tar, zstd and age."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import BinaryIO, Protocol


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> int: ...


class HashingWriter:
    """Passes on what it is given; knows its SHA-256 and size."""

    def __init__(self, target: Writer | None = None) -> None:
        self._target, self._digest, self.size = target, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:
        self._digest.update(data)
        self.size += len(data)
        if self._target is not None:
            self._target.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back here."""

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class HashingReader:
    """Passes on what it reads; knows its SHA-256 and size."""

    def __init__(self, source: Reader) -> None:
        self._source, self._digest, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Following:
    """Reads a file that another thread is still writing; ends when told that it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._grown = threading.Condition()
        self._written, self._whole, self._failed = 0, False, False
        self._file: BinaryIO | None = None
        self._taken = 0

    def grew(self, size: int) -> None:
        with self._grown:
            self._written += size
            self._grown.notify()

    def end(self, *, failed: bool = False) -> None:
        """No more will be written; where it failed, the reader sees an error."""
        with self._grown:
            self._whole, self._failed = True, failed
            self._grown.notify()

    def read(self, size: int = -1, /) -> bytes:
        with self._grown:
            while self._written == self._taken and not self._whole:
                self._grown.wait()
            if self._failed:
                message = "the writer of this file failed"
                raise OSError(message)
            ready = self._written - self._taken
        if self._file is None:
            self._file = self._path.open("rb")
        data = self._file.read(ready if size < 0 else min(size, ready))
        self._taken += len(data)
        return data

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
