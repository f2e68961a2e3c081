"""One part of a backup: tar, zstd, age, and the ciphertext read back while it is written.

    this process   tar, zstd
    age            encrypts
    storing.py     writes the file, reads it again, and restores or compares what comes back
    age            decrypts

Besides the team's keys each backup is encrypted to a key that exists only in the memory of
this process and of the one that decrypts: with it the stored bytes are decrypted,
decompressed and unpacked at once, and then it is forgotten. Its recipient line stays in the
header and opens nothing.

Of files that stand still each byte that comes out is compared with the file that went in, and
nothing is written: new pages for a copy would cost more than all else that a proof needs. Files
that may change meanwhile are restored. That the same came out as went in is proven there by the
checksum that zstd puts into its frame (XXH64, made of the input, compared with the output), by
the authentication of age, and by size and number of members.
"""

from __future__ import annotations

import contextlib
import tarfile
from collections.abc import Callable, Sequence
from functools import partial
from io import BufferedWriter, FileIO
from pathlib import Path

import pyrage
import zstandard

from parom.adapters.vaults.archive import extract_tar, read_tar, remove_tree, write_tar
from parom.adapters.vaults.cipher import DamagedError
from parom.adapters.vaults.program import age_program
from parom.adapters.vaults.stages import Stage
from parom.adapters.vaults.streams import BUFFER
from parom.adapters.vaults.unpacking import Unpacked, unpack
from parom.facts import BackupPart

_LEVEL, _THREADS = 1, 2
SUFFIX = ".tar.zst.age"


def seal(
    name: str,
    entries: Sequence[tuple[str, Path]],
    folder: Path,
    recipients: Sequence[pyrage.x25519.Recipient],
    restored: Path | None,
    told: Callable[[int], None],
    check: Callable[[], None],
) -> BackupPart:
    """Write `folder/<name>.tar.zst.age` and unpack it again into `restored`.

    Without `restored` it is compared with the entries themselves: files, which stand still.

    Raises ValueError or `DamagedError` where what came back is not what went in; OSError from
    the disk. `told` is called with the bytes of the tar stream as they pass, `check` once all
    of it came back; what they raise ends all.
    """
    secret, program = pyrage.x25519.Identity.generate(), age_program()
    file = folder / f"{name}{SUFFIX}"
    with (
        Stage.encrypting(program, [*recipients, secret.to_public()]) as encrypting,
        Stage.decrypting(program, [secret]) as decrypting,
        Stage.storing(file, _proof(entries, restored), encrypting, decrypting) as storing,
    ):
        members, size = _pack(entries, encrypting, told)
        opened = _opened(encrypting, decrypting, storing)
        if (opened.members, opened.size) != (members, size):
            message = f"{name}: {members} members, {size} bytes went in; "
            message += f"{opened.members} members, {opened.size} bytes came out"
            raise ValueError(message)
        check()  # while the rest of the ciphertext goes to the disk
        stored = storing.answer()
        storing.finish()
    return BackupPart(
        name=name,
        file=file.name,
        plain_bytes=size,
        cipher_bytes=int(stored["cipher_bytes"]),
        cipher_sha256=str(stored["cipher_sha256"]),
        members=members,
    )


def _proof(entries: Sequence[tuple[str, Path]], restored: Path | None) -> list[str | Path]:
    """In the words of `storing.py`."""
    if restored is not None:
        return ["restore", restored]
    return ["compare", *(word for entry in entries for word in entry)]


def unseal(
    file: Path,
    identities: Sequence[pyrage.x25519.Identity],
    destination: Path | None,
    most_bytes: int | None = None,
    *,
    with_sha256: bool = False,
) -> Unpacked:
    """Decrypt, decompress and unpack a stored part; without a destination nothing is written.

    Raises pyrage.DecryptError, `DamagedError`, zstandard.ZstdError, tarfile.TarError, OSError.
    """
    read = partial(extract_tar, destination=destination) if destination else read_tar
    unpacked = partial(unpack, read=read, most_bytes=most_bytes, with_sha256=with_sha256)
    program = age_program()
    if program is not None:
        try:
            return _unsealed(program, file, identities, unpacked)
        except (ChildProcessError, tarfile.TarError, zstandard.ZstdError):
            # The program says in words why it failed, pyrage in types: it does all again.
            if destination is not None:
                remove_tree(destination)
    return _unsealed(None, file, identities, unpacked)


def _unsealed(
    program: Path | None,
    file: Path,
    identities: Sequence[pyrage.x25519.Identity],
    unpacked: Callable[[FileIO], Unpacked],
) -> Unpacked:
    with (
        file.open("rb", buffering=0) as source,
        Stage.decrypting(program, identities, source) as decrypting,
    ):
        try:
            opened = unpacked(decrypting.output)
            _refuse_more(decrypting)
        except (tarfile.TarError, zstandard.ZstdError):
            decrypting.output.close()
            with contextlib.suppress(BrokenPipeError):  # not its fault: this end stopped reading
                decrypting.finish()
            raise
        decrypting.finish()
    return opened


def _refuse_more(decrypting: Stage) -> None:
    """What lies behind the archive nobody would read, and who decrypts would wait for that."""
    if decrypting.output.read(1):
        raise zstandard.ZstdError("there is more behind the end of the archive")


def _pack(
    entries: Sequence[tuple[str, Path]], encrypting: Stage, told: Callable[[int], None]
) -> tuple[int, int]:
    """Members and size of the tar stream; (0, 0) where the stage was gone before its end."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=_THREADS, write_checksum=True)
    try:
        with (
            BufferedWriter(encrypting.input, BUFFER) as out,
            compressor.stream_writer(out, write_size=BUFFER, closefd=False) as compressed,
        ):
            counted = _Counted(compressed, told)
            members = write_tar(entries, counted)
        return members, counted.size
    except BrokenPipeError:
        return 0, 0


def _opened(encrypting: Stage, decrypting: Stage, storing: Stage) -> Unpacked:
    """What came out; of several failures the one that led to the others is raised."""
    failures: list[Exception] = []
    opened: Unpacked | None = None
    try:
        opened = Unpacked(**storing.answer())
    except (BrokenPipeError, DamagedError) as problem:
        failures.append(problem)
    for stage in (decrypting, encrypting):
        try:
            stage.finish()
        except BrokenPipeError as problem:  # its neighbour was gone first
            failures.insert(0, problem)
        except (ChildProcessError, DamagedError, pyrage.DecryptError) as problem:
            failures.append(DamagedError(str(problem)))
    if opened is None or failures:
        raise failures[-1]
    return opened


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
