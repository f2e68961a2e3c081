"""One part of a backup: tar, zstd, age, and the ciphertext read back while it is written.

Besides the team's keys each backup is encrypted to a key that exists only in this process's
memory: with it the stored bytes are decrypted, decompressed and unpacked at once, and then
it is forgotten. Its recipient line stays in the header and opens nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage
import zstandard

from parom.adapters.vaults.archive import extract_tar, write_tar
from parom.adapters.vaults.streams import Following, HashingReader, HashingWriter, Writer
from parom.facts import BackupPart

_LEVEL, _THREADS, _READ = 1, 2, 1 << 20
SUFFIX = ".tar.zst.age"


@dataclass
class _Sealed:
    members: int = 0
    sha256: str = ""
    size: int = 0


class Pipeline:
    """Runs the stages of one part in threads; the first failure of any is raised."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def start(self, work: Callable[[], None], on_failure: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except BaseException as problem:  # noqa: BLE001 - raised again by `finish`
                self._failures.append(problem)
                on_failure()

        thread = threading.Thread(target=guarded, daemon=True)
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]


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
    `told` is called with the bytes of the tar stream as they pass.
    """
    secret = pyrage.x25519.Identity.generate()
    everybody = [*recipients, secret.to_public()]
    file = folder / f"{name}{SUFFIX}"
    following, pipeline = Following(file), Pipeline()
    there, here = os.pipe()
    sealed, opened = _Sealed(), _Sealed()
    cipher = _CipherFile(file, following)

    def pack() -> None:
        with os.fdopen(here, "wb", buffering=_READ) as out:
            plain = HashingWriter(_Told(out, told))
            sealed.members = write_tar(entries, plain)
            sealed.sha256, sealed.size = plain.sha256, plain.size

    def encrypt() -> None:
        with os.fdopen(there, "rb", buffering=_READ) as source:
            compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=_THREADS)
            with compressor.stream_reader(source, read_size=_READ) as compressed:
                pyrage.encrypt_io(compressed, cipher, everybody)
        cipher.finish()

    def unpack() -> None:
        opened.members, opened.sha256, opened.size = unseal(following, [secret], restored)

    pipeline.start(pack, lambda: None)
    pipeline.start(encrypt, cipher.abandon)
    pipeline.start(unpack, lambda: None)
    try:
        pipeline.finish()
    finally:
        cipher.close()
        following.close()
    if sealed != opened:
        message = f"{name}: {sealed.members} members, {sealed.size} bytes went in; "
        message += f"{opened.members} members, {opened.size} bytes came out"
        raise ValueError(message)
    return BackupPart(
        name=name,
        file=file.name,
        plain_bytes=sealed.size,
        plain_sha256=sealed.sha256,
        cipher_bytes=cipher.size,
        cipher_sha256=cipher.sha256,
        members=sealed.members,
    )


def unseal(
    source: object,
    identities: Sequence[pyrage.x25519.Identity],
    destination: Path,
    most_bytes: int | None = None,
) -> tuple[int, str, int]:
    """Decrypt, decompress and unpack a stream: (members, SHA-256 and size of the tar).

    Raises pyrage.DecryptError, zstandard.ZstdError, tarfile.TarError, OSError.
    """
    there, here = os.pipe()
    pipeline = Pipeline()
    result: list[tuple[int, str, int]] = []

    def decrypt() -> None:
        with os.fdopen(here, "wb", buffering=_READ) as out:
            decompressor = zstandard.ZstdDecompressor().stream_writer(out, closefd=False)
            pyrage.decrypt_io(source, decompressor, list(identities))
            decompressor.flush()  # type: ignore[no-untyped-call]

    def unpack() -> None:
        with os.fdopen(there, "rb", buffering=_READ) as plain:
            hashed = HashingReader(plain)
            members = extract_tar(hashed, destination, most_bytes)
            result.append((members, hashed.sha256, hashed.size))

    pipeline.start(decrypt, lambda: None)
    pipeline.start(unpack, lambda: None)
    pipeline.finish()
    return result[0]


class _CipherFile:
    """The ciphertext on its way to disk: hashed, counted, and announced to who follows it."""

    def __init__(self, path: Path, following: Following) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        self._hashed = HashingWriter(self._file)
        self._following = following

    def write(self, data: bytes, /) -> int:
        self._hashed.write(bytes(data))
        self._following.grew(len(data))
        return len(data)

    def flush(self) -> None:
        """Unbuffered: nothing is kept back."""

    def finish(self) -> None:
        self._following.end()
        os.fsync(self._file.fileno())

    def abandon(self) -> None:
        self._following.end(failed=True)

    def close(self) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        return self._hashed.size

    @property
    def sha256(self) -> str:
        return self._hashed.sha256


class _Told:
    def __init__(self, target: Writer, told: Callable[[int], None]) -> None:
        self._target, self._told = target, told

    def write(self, data: bytes, /) -> int:
        self._told(len(data))
        return self._target.write(data)
