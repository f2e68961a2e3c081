"""Trees to tar streams and back, without following what would lead out of them."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Protocol, TypeGuard

from parom.adapters.vaults.streams import BUFFER, TarStream, write_all

_MODE = 0o777
"""What of a mode is kept: no set-user-id, no sticky bit."""


class Target(Protocol):
    """What `tarfile` needs of a file that it writes forwards."""

    def write(self, data: bytes, /) -> int: ...

    def tell(self) -> int: ...


def write_tar(entries: Iterable[tuple[str, Path]], target: Target) -> int:
    """Write (name in the archive, path) entries, folders with all that is in them.

    Links stay links. Sockets and devices are left out, and so is what is gone from a folder
    before its turn comes, as uploads and temporary files of a running application may be. An
    entry itself that is gone is an OSError, as is a file that shrinks meanwhile: the archive
    would not be whole. Returns the number of members.
    """
    with tarfile.open(  # type: ignore[call-overload]  # `copybufsize` is missing in the stubs
        fileobj=target, mode="w", format=tarfile.PAX_FORMAT, copybufsize=BUFFER
    ) as tar:
        return sum(_add(tar, name, path) for name, path in entries)


def _add(tar: tarfile.TarFile, name: str, path: Path) -> int:
    """The number of members that were written. Raises FileNotFoundError with none written."""
    # tarfile keeps all that it wrote: a gigabyte for a million files.
    tar.members.clear()  # type: ignore[attr-defined]  # missing in the stubs
    member = tar.gettarinfo(path, name)
    if not _is_wanted(member):
        return 0
    if not member.isreg():
        tar.addfile(member)
    else:
        with path.open("rb") as file:
            tar.addfile(member, file)
    return 1 + (_add_inside(tar, name, path) if member.isdir() else 0)


def _add_inside(tar: tarfile.TarFile, name: str, folder: Path) -> int:
    added = 0
    with suppress(FileNotFoundError):  # the folder itself, which was there a moment ago
        for inner in sorted(os.listdir(folder)):  # noqa: PTH208 - names, in order
            with suppress(FileNotFoundError):
                added += _add(tar, f"{name}/{inner}", folder / inner)
    return added


def _is_wanted(member: tarfile.TarInfo | None) -> TypeGuard[tarfile.TarInfo]:
    if member is None or Path(member.name).name == "__pycache__":
        return False
    return member.isreg() or member.isdir() or member.issym() or member.islnk()


def extract_tar(source: TarStream, destination: Path) -> int:
    """Unpack into `destination`. Returns the number of members.

    Names and links that lead out are refused, as by tarfile's `data` filter, which the first
    releases of Python 3.11 lack; owners are not restored. Raises tarfile.TarError or OSError.
    """
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    top = destination.resolve()
    folders: list[tuple[Path, int]] = []

    def extracted(_tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        place = _place_of(member, top)
        if member.isdir():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            folders.append((place, member.mode & _MODE))
            return
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if member.issym():
            place.symlink_to(member.linkname)
        elif member.islnk():
            place.hardlink_to(top / member.linkname)
        else:
            _write_file(source, member, place)

    members = _each(source, extracted)
    # Last, since a folder may be read-only.
    for folder, mode in reversed(folders):
        folder.chmod(mode)
    return members


def _place_of(member: tarfile.TarInfo, top: Path) -> Path:
    """Where a member goes. Raises tarfile.ExtractError for one that leads out of `top`."""
    if not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
        raise tarfile.ExtractError(f"{member.name!r} is no file, folder or link")
    if member.issparse():
        raise tarfile.ExtractError(f"{member.name!r} is sparse")
    # An absolute name is meant from the top, as every tar does.
    place = top / member.name.lstrip("/")
    if not _inside(place, top):
        raise tarfile.ExtractError(f"{member.name!r} would be outside the destination")
    if member.issym() or member.islnk():
        start = place.parent if member.issym() else top
        if Path(member.linkname).is_absolute() or not _inside(start / member.linkname, top):
            raise tarfile.ExtractError(f"{member.name!r} would link to outside the destination")
    return place


def _inside(path: Path, top: Path) -> bool:
    """Also where links that were unpacked before lead elsewhere."""
    real = os.path.realpath(path)
    return real == str(top) or real.startswith(f"{top}/")


def _write_file(source: TarStream, member: tarfile.TarInfo, place: Path) -> None:
    source.seek(member.offset_data)
    left = member.size
    with place.open("xb", buffering=0) as file:
        while left:
            block = source.take(min(left, BUFFER))
            if not block:
                raise tarfile.ReadError("unexpected end of data")
            write_all(file, block)
            left -= len(block)
    os.utime(place, (member.mtime, member.mtime))
    place.chmod(member.mode & _MODE)


def compare_tar(source: TarStream, entries: Sequence[tuple[str, Path]]) -> int:
    """Compare each byte with the files that went in; nothing is written.

    `entries` are files, not folders, and stand still. Returns the number of members. Raises
    tarfile.TarError where a byte, a name, a size, a mode or a kind differs, and where a member
    is missing or too much; OSError where a file cannot be read.
    """
    waiting = list(reversed(entries))
    buffer = bytearray(BUFFER)

    def compared(_tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        if not waiting:
            message = f"{member.name!r} came out, and never went in"
            raise tarfile.ReadError(message)
        name, path = waiting.pop()
        if not member.isreg() or member.issparse() or member.name != name.lstrip("/"):
            message = f"{name!r} went in as a file, and {member.name!r} came out"
            raise tarfile.ReadError(message)
        _compare_file(source, member, path, buffer)

    members = _each(source, compared)
    if waiting:
        message = f"{waiting[-1][0]!r} went in, and did not come out"
        raise tarfile.ReadError(message)
    return members


def _compare_file(
    source: TarStream, member: tarfile.TarInfo, path: Path, buffer: bytearray
) -> None:
    source.seek(member.offset_data)
    left, mine = member.size, memoryview(buffer)
    # Read, not mapped: a mapped file that shrinks ends the process.
    with path.open("rb", buffering=0) as file:
        same = member.mode & _MODE == os.fstat(file.fileno()).st_mode & _MODE
        while same and left:
            block = source.take(min(left, len(buffer)))
            if not block:
                raise tarfile.ReadError("unexpected end of data")
            _fill(file, mine[: len(block)])
            # A bytearray on the left: two memoryviews are compared one byte after the other.
            same = (buffer if len(block) == len(buffer) else buffer[: len(block)]) == block
            left -= len(block)
        same = same and not file.read(1)
    if not same:
        message = f"what came out as {member.name!r} is not what went in"
        raise tarfile.ReadError(message)


def _fill(file: FileIO, buffer: memoryview) -> None:
    """Raises tarfile.ReadError where the file ends before the buffer is full."""
    while buffer:
        count = file.readinto(buffer)
        if not count:
            raise tarfile.ReadError("more came out than is in the file that went in")
        buffer = buffer[count:]


def read_tar(source: TarStream) -> int:
    """Read a tar stream to its end and write nothing. Returns the number of members.

    Raises tarfile.TarError.
    """
    return _each(source, lambda _tar, _member: None)


def _each(source: TarStream, work: Callable[[tarfile.TarFile, tarfile.TarInfo], None]) -> int:
    members = 0
    with tarfile.open(  # type: ignore[call-overload]  # `copybufsize` is missing in the stubs
        fileobj=source, mode="r:", copybufsize=BUFFER, errorlevel=2
    ) as tar:
        while (member := tar.next()) is not None:
            tar.members.clear()
            members += 1
            work(tar, member)
    # The stream is read to its end, so that what hashes it has seen all of it.
    while source.take(BUFFER):
        pass
    return members


def remove_tree(path: Path) -> None:
    """Delete a folder with all in it, read-only folders too; absent is fine."""
    if not path.exists():
        return
    path.chmod(0o700)
    for folder, names, _ in os.walk(path):  # asked from the top, before it looks into them
        for name in names:
            if not (inner := Path(folder, name)).is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(path)
