"""Small readers and writers between tar, zstd and age."""

from __future__ import annotations

import hashlib
import tarfile
import threading
from io import FileIO
from queue import SimpleQueue
from typing import Any, Protocol

BUFFER = 1 << 18
"""A quarter of a megabyte: what passes stays in the cache of one core."""
_AHEAD = 8
"""Buffers: what a write to a disk may fall behind before anybody waits."""


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writer(Protocol):
    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class ReadsInto(Protocol):
    def readinto(self, buffer: memoryview, /) -> int: ...


class Blocks(Protocol):
    """A stream whose bytes are looked at where they lie."""

    def take(self, most: int, /) -> memoryview:
        """The next bytes, `most` or fewer, until the next call; empty at the end."""
        ...


class Remembering:
    """Passes on reads, writes and flushes; puts what they raise into `failures`."""

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
        try:
            self._stream.flush()
        except OSError as problem:
            self._failures.append(problem)
            raise


def write_all(file: FileIO, data: bytes | memoryview) -> None:
    """An unbuffered file may take a part only."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


class Buffered:
    """Reads a stream into one buffer, and hashes it where that is wanted."""

    def __init__(self, source: ReadsInto, *, with_sha256: bool = False) -> None:
        self._source, self._digest = source, hashlib.sha256() if with_sha256 else None
        # A new block of memory for each read would cost as much as a checksum.
        self._buffer = memoryview(bytearray(BUFFER))

    def take(self, most: int, /) -> memoryview:
        return self._buffer[: self.fill(self._buffer[:most])]

    def fill(self, buffer: memoryview) -> int:
        """Read into another buffer; returns the number of bytes, 0 at the end."""
        count = self._source.readinto(buffer)
        if self._digest:
            self._digest.update(buffer[:count])
        return count

    @property
    def sha256(self) -> str:
        """Empty where it was not wanted."""
        return self._digest.hexdigest() if self._digest else ""


class Ahead:
    """Lets a thread read a few buffers ahead of who takes them.

    The thread ends with the stream, or else with the process.
    """

    def __init__(self, source: Buffered) -> None:
        self._free: SimpleQueue[memoryview] = SimpleQueue()
        self._full: SimpleQueue[tuple[memoryview, int] | Exception] = SimpleQueue()
        for _ in range(_AHEAD):
            self._free.put(memoryview(bytearray(BUFFER)))
        self._buffer, self._rest, self._ended = self._free.get(), memoryview(b""), False
        threading.Thread(target=self._read, args=[source], daemon=True).start()

    def take(self, most: int, /) -> memoryview:
        if not self._rest and not self._ended:
            self._free.put(self._buffer)
            full = self._full.get()
            if isinstance(full, Exception):
                self._ended = True
                raise full
            self._buffer, count = full
            self._rest, self._ended = self._buffer[:count], not count
        taken, self._rest = self._rest[:most], self._rest[most:]
        return taken

    def _read(self, source: Buffered) -> None:
        count = -1
        try:
            while count:
                buffer = self._free.get()
                count = source.fill(buffer)
                self._full.put((buffer, count))
        except Exception as problem:  # noqa: BLE001 - raised again by `take`
            self._full.put(problem)


class TarStream:
    """A tar stream that is read once, forwards: counted, without a copy.

    It is what `tarfile` needs of a file that it believes to be seekable; its own mode for
    streams copies every block three times.
    """

    def __init__(self, source: Blocks, most_bytes: int | None = None) -> None:
        """No more than `most_bytes` are read: tarfile.ReadError is raised before."""
        self._source, self._most, self.size = source, most_bytes, 0

    def read(self, size: int, /) -> bytes:
        data = bytearray()
        while len(data) < size and (block := self.take(size - len(data))):
            data += block
        return bytes(data)

    def take(self, most: int, /) -> memoryview:
        # Asked of the wish, not of the answer: a header may announce gigabytes.
        if self._most is not None and self.size + most > self._most + BUFFER:
            self._refuse()
        block = self._source.take(most)
        self.size += len(block)
        if self._most is not None and self.size > self._most:
            self._refuse()
        return block

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
            if not self.take(min(BUFFER, position - self.size)):
                message = "the archive ends too early"
                raise tarfile.ReadError(message)
        return self.size
