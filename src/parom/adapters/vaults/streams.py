"""Small readers and writers between tar, zstd and age."""

from __future__ import annotations

import errno
import hashlib
import os
import tarfile
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

BUFFER = 1 << 18
"""A quarter of a megabyte: what passes stays in the cache of one core."""
_NOTICE = 8
_END = (1 << 64) - 1


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class Remembering:
    """Passes on reads and writes; puts what they raise into `failures`."""

    def __init__(self, stream: Any, failures: list[OSError]) -> None:
        self._stream, self._failures = stream, failures

    def read(self, size: int = -1, /) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except OSError as problem:
            self._failures.append(problem)
            raise
        return data

    def write(self, data: bytes, /) -> int:
        try:
            count: int = self._stream.write(data)
        except OSError as problem:
            self._failures.append(problem)
            raise
        return count

    def flush(self) -> None:
        self._stream.flush()


class Noticing:
    """Writes a file and tells on a pipe how much of it is there; knows size and digest."""

    def __init__(self, target: IO[bytes], notices: int, digest: Digest) -> None:
        self._target, self._notices, self.digest, self.size = target, notices, digest, 0

    def write(self, data: bytes, /) -> int:
        rest = memoryview(data)
        while rest:  # an unbuffered file may take a part only
            rest = rest[self._target.write(rest) :]
        self.digest.update(data)
        self.size += len(data)
        os.write(self._notices, self.size.to_bytes(_NOTICE, "little"))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back here."""

    def end(self) -> None:
        os.write(self._notices, _END.to_bytes(_NOTICE, "little"))


class Following:
    """Reads a file that another process is still writing; ends when told that it is whole."""

    def __init__(self, path: Path, notices: int) -> None:
        self._path, self._notices = path, notices
        self._written = self._taken = 0
        self._whole = False
        self._file: BinaryIO | None = None

    def read(self, size: int = -1, /) -> bytes:
        while self._written == self._taken and not self._whole:
            self._wait()
        if self._file is None:
            self._file = self._path.open("rb", buffering=0)
        ready = self._written - self._taken
        data = self._file.read(ready if size < 0 else min(size, ready))
        self._taken += len(data)
        return data

    def _wait(self) -> None:
        """Raises OSError where the writer ended without saying that the file is whole."""
        notices = os.read(self._notices, _NOTICE * 512)
        if not notices:
            raise OSError(errno.EPIPE, "the writer of this file failed")
        sizes = [
            int.from_bytes(notices[at : at + _NOTICE], "little")
            for at in range(0, len(notices), _NOTICE)
        ]
        if sizes[-1] == _END:
            self._whole = True
            sizes.pop()
        self._written = max([self._written, *sizes])


class TarStream:
    """A tar stream that is read once, forwards: hashed, counted, without a copy.

    It is what `tarfile` needs of a file that it believes to be seekable; its own mode for
    streams copies every block three times.
    """

    def __init__(self, source: Reader, most_bytes: int | None = None) -> None:
        """No more than `most_bytes` are read: tarfile.ReadError is raised before."""
        self._source, self._most = source, most_bytes
        self._digest, self.size = hashlib.sha256(), 0

    def read(self, size: int = -1, /) -> bytes:
        # Asked of the wish, not of the answer: a header may announce gigabytes.
        if self._most is not None and self.size + size > self._most + BUFFER:
            self._refuse()
        data = self._source.read(size)
        self._digest.update(data)
        self.size += len(data)
        if self._most is not None and self.size > self._most:
            self._refuse()
        return data

    def _refuse(self) -> None:
        message = f"the archive holds more than the {self._most} bytes it should"
        raise tarfile.ReadError(message)

    def tell(self) -> int:
        return self.size

    def seek(self, position: int, /) -> int:
        """Forwards only; raises tarfile.ReadError for anything else, and at the end."""
        if position < self.size:
            message = "the archive wants to be read backwards"
            raise tarfile.ReadError(message)
        while self.size < position:
            if not self.read(min(BUFFER, position - self.size)):
                message = "the archive ends too early"
                raise tarfile.ReadError(message)
        return self.size

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
