"""One part of a backup: tar, zstd, age, and the ciphertext read back while it is written.

Besides the team's keys each backup is encrypted to a key that exists only in the memory of
this process and of the one that decrypts: with it the stored bytes are decrypted,
decompressed and unpacked at once, and then it is forgotten. Its recipient line stays in the
header and opens nothing.

That the same came out as went in is proven by the checksum that zstd puts into its frame
(XXH64, made of the input, compared with the output), by the authentication of age, and by
size and number of members. The SHA-256 in the manifest is that of what came out.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import zstandard

from parom.adapters.vaults.archive import extract_tar, read_tar, write_tar
from parom.adapters.vaults.stages import Stage
from parom.adapters.vaults.streams import BUFFER, TarStream
from parom.facts import BackupPart

_LEVEL, _THREADS = 1, 2
SUFFIX = ".tar.zst.age"


@dataclass(frozen=True)
class Unsealed:
    """What came out of a sealed part."""

    members: int
    sha256: str
    size: int


def seal(
    name: str,
    entries: Sequence[tuple[str, Path]],
    folder: Path,
    recipients: Sequence[pyrage.x25519.Recipient],
    restored: Path,
    told: Callable[[int], None],
) -> BackupPart:
    """Write `folder/<name>.tar.zst.age` and unpack it again into `restored`.

    Raises ValueError where what came back is not what went in; OSError from the disk.
    `told` is called with the bytes of the tar stream as they pass; what it raises ends all.
    """
    secret = pyrage.x25519.Identity.generate()
    file = folder / f"{name}{SUFFIX}"
    there, here = os.pipe()
    with Stage.encrypting(file, here, [*recipients, secret.to_public()]) as encrypting:
        os.close(here)
        with Stage.decrypting(file, there, [secret]) as decrypting:
            os.close(there)
            opening = _Opening(decrypting, restored)
            try:
                members, size = _pack(entries, encrypting, told)
                written, opened = _conclude(encrypting, opening)
            finally:
                opening.end()
    if (opened.members, opened.size) != (members, size):
        message = f"{name}: {members} members, {size} bytes went in; "
        message += f"{opened.members} members, {opened.size} bytes came out"
        raise ValueError(message)
    return BackupPart(
        name=name,
        file=file.name,
        plain_bytes=size,
        plain_sha256=opened.sha256,
        cipher_bytes=int(written["size"]),
        cipher_sha256=str(written["sha256"]),
        members=members,
    )


def unseal(
    file: Path,
    identities: Sequence[pyrage.x25519.Identity],
    destination: Path | None,
    most_bytes: int | None = None,
) -> Unsealed:
    """Decrypt, decompress and unpack a stored part; without a destination nothing is written.

    Raises pyrage.DecryptError, zstandard.ZstdError, tarfile.TarError, OSError.
    """
    with Stage.decrypting(file, None, identities) as decrypting:
        return _unpack(decrypting, destination, most_bytes)


def _pack(
    entries: Sequence[tuple[str, Path]], encrypting: Stage, told: Callable[[int], None]
) -> tuple[int, int]:
    """Members and size of the tar stream; (0, 0) where the stage was gone before its end."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=_THREADS, write_checksum=True)
    try:
        with (
            encrypting.input() as out,
            compressor.stream_writer(out, write_size=BUFFER, closefd=False) as compressed,
        ):
            counted = _Counted(compressed, told)
            members = write_tar(entries, counted)
        return members, counted.size
    except BrokenPipeError:
        return 0, 0


def _conclude(encrypting: Stage, opening: _Opening) -> tuple[dict[str, Any], Unsealed]:
    """What both ends say; the failure that came first is raised."""
    try:
        written = encrypting.finish()
    except BrokenPipeError:
        opening.finish()  # it failed first, and says why
        raise
    return written, opening.finish()


def _unpack(decrypting: Stage, destination: Path | None, most_bytes: int | None) -> Unsealed:
    try:
        with decrypting.output() as compressed:
            decompressor = zstandard.ZstdDecompressor().stream_reader(compressed, read_size=BUFFER)
            plain = TarStream(decompressor, most_bytes)
            members = extract_tar(plain, destination) if destination else read_tar(plain)
    except Exception:
        with contextlib.suppress(BrokenPipeError):  # not its fault: this end stopped reading
            decrypting.finish()
        raise
    decrypting.finish()
    return Unsealed(members, plain.sha256, plain.size)


class _Opening:
    """Unpacks in a thread of its own while the other end is still packing."""

    def __init__(self, decrypting: Stage, destination: Path) -> None:
        self._result: Unsealed | None = None
        self._failure: BaseException | None = None

        def work() -> None:
            try:
                self._result = _unpack(decrypting, destination, None)
            except BaseException as problem:  # noqa: BLE001 - raised again by `finish`
                self._failure = problem
                decrypting.end()

        self._decrypting = decrypting
        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop, wherever it is; after `finish` there is nothing to stop."""
        self._decrypting.end()
        self._thread.join()

    def finish(self) -> Unsealed:
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        assert self._result is not None  # noqa: S101 - one of the two is set
        return self._result


class _Counted:
    """Passes on what it is given; knows and tells how much that was."""

    def __init__(
        self, target: zstandard.ZstdCompressionWriter, told: Callable[[int], None]
    ) -> None:
        self._target, self._told, self.size = target, told, 0

    def write(self, data: bytes, /) -> int:
        self._target.write(data)
        self.size += len(data)
        self._told(len(data))
        return len(data)

    def tell(self) -> int:
        return self.size
