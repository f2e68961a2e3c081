"""Keeps the ciphertext of one part and proves it at once, as a process of its own.

    python -P -m parom.adapters.vaults.storing PARENT FILE CIPHERTEXT COMPRESSED PROOF

Standard input (ciphertext) is written to FILE. What is in FILE is read again and put on the
descriptor CIPHERTEXT, where it is decrypted by somebody else; the outcome is taken from the
descriptor COMPRESSED and decompressed. So what is proven are the bytes that were stored. PROOF
says what becomes of them:

    restore DESTINATION    they are unpacked into DESTINATION
    compare [NAME PATH]…   each byte is compared with the files that went in; nothing is written

It ends with PARENT, whose successor clears what lies there half.

It answers on standard output with a line of JSON for what was unpacked, and with another once
FILE is on disk; whoever listens can use the time between the two.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tarfile
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import zstandard

from parom.adapters.vaults.archive import compare_tar, extract_tar
from parom.adapters.vaults.streams import BUFFER, TarStream, write_all
from parom.adapters.vaults.unpacking import unpack
from parom.parent import end_with

_SYNCED = 32 << 20
"""So many bytes go to the disk at once."""

_MAGIC = b"age-encryption.org/v1\n"
"""A program that does not encrypt at all would also pass every comparison."""


def main(arguments: list[str]) -> int:
    """The exit status is 0 where all went through."""
    parent, file, ciphertext, compressed, *proof = arguments
    end_with(int(parent))
    stored = Stored(Path(file), int(ciphertext))
    try:
        with os.fdopen(int(compressed), "rb", buffering=0) as source:
            opened = unpack(source, _proof(*proof), ahead=True)
        stored.given_back()
        _say(asdict(opened))
        _say({"cipher_bytes": stored.size, "cipher_sha256": stored.conclude()})
    except (OSError, tarfile.TarError, zstandard.ZstdError) as problem:
        # Where storing failed, nothing more could come out at the other end.
        failure = stored.failure or problem
        if isinstance(failure, OSError) and failure.errno is not None:
            why = failure.strerror or str(failure)
            _say({"kind": "system", "errno": failure.errno, "why": why})
        else:
            _say({"kind": "damaged", "why": str(failure)})
        return 1
    return 0


def _proof(how: str, *words: str) -> Callable[[TarStream], int]:
    if how == "restore":
        return partial(extract_tar, destination=Path(*words))
    entries = [(name, Path(path)) for name, path in zip(words[::2], words[1::2], strict=True)]
    return partial(compare_tar, entries=entries)


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 - this is how the process answers


class Stored:
    """A file that one thread writes while another follows it."""

    def __init__(self, path: Path, ciphertext: int) -> None:
        self._ciphertext = ciphertext
        self._changed = threading.Condition()
        self._whole, self._digest = False, hashlib.sha256()
        self.size = self._given = 0
        self.failure: OSError | None = None
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        self._writing, self._following, self._syncing = (
            threading.Thread(target=self._noted, args=[work], daemon=True)
            for work in (self._write, self._follow, self._sync)
        )
        for thread in (self._writing, self._following, self._syncing):
            thread.start()

    def given_back(self) -> None:
        """Wait until all of it was given back. Raises OSError where that failed."""
        self._following.join()
        if self.failure:
            raise self.failure
        if not self._whole or self._given != self.size:
            raise OSError(f"{self._given} of {self.size} bytes could be read again")

    def conclude(self) -> str:
        """Wait until it is on disk; returns its SHA-256."""
        for thread in (self._writing, self._syncing):
            thread.join()
        if self.failure:
            raise self.failure
        return self._digest.hexdigest()

    def _noted(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as problem:  # noqa: BLE001 - raised again where its end is awaited
            failure = problem if isinstance(problem, OSError) else OSError(repr(problem))
            with self._changed:
                self.failure = self.failure or failure
                self._changed.notify_all()

    def _write(self) -> None:
        buffer = memoryview(bytearray(BUFFER))
        while count := os.readv(0, [buffer]):
            write_all(self._file, buffer[:count])
            self._digest.update(buffer[:count])
            if not self.size and bytes(buffer[: len(_MAGIC)]) != _MAGIC:
                raise OSError("what should be encrypted is not in age's format")
            with self._changed:
                self.size += count
                self._changed.notify_all()
        with self._changed:
            self._whole = True
            self._changed.notify_all()

    def _sync(self) -> None:
        """To the disk as it comes, so that little is left for the end; and out of the page
        cache, where the application's pages are worth more."""
        descriptor, synced = self._file.fileno(), 0
        while (upto := self._to_sync(synced)) > synced:
            os.fdatasync(descriptor)
            os.posix_fadvise(descriptor, synced, upto - synced, os.POSIX_FADV_DONTNEED)
            synced = upto
        os.fsync(descriptor)

    def _to_sync(self, synced: int) -> int:
        """Up to which byte the file should be on disk next; no further at the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._given >= synced + _SYNCED or self._ended() or self.failure
            )
            return self._given

    def _ended(self) -> bool:
        return self._whole and self._given == self.size

    def _follow(self) -> None:
        try:
            while ready := self._wait():
                # From the page cache into the pipe, without a copy.
                given = os.sendfile(self._ciphertext, self._file.fileno(), self._given, ready)
                with self._changed:
                    self._given += given
                    self._changed.notify_all()
        finally:
            os.close(self._ciphertext)  # so that who decrypts comes to an end

    def _wait(self) -> int:
        """The number of bytes that wait to be given back; 0 at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._given < self.size or self._whole or self.failure)
            return 0 if self.failure else self.size - self._given


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
