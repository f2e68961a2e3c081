"""Trees to tar streams and back, without following what would lead out of them."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path

from parom.adapters.vaults.streams import Reader, Writer

_COPY = 1 << 20


def write_tar(entries: Iterable[tuple[str, Path]], target: Writer) -> int:
    """Write (name in the archive, path) entries, folders with all that is in them.

    Sockets and devices are left out. A file that shrinks meanwhile is an OSError: the
    archive would not be whole. Returns the number of members.
    """
    members = 0

    def wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        nonlocal members
        if not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
            return None
        if Path(member.name).name == "__pycache__":
            return None
        members += 1
        return member

    with tarfile.open(  # type: ignore[call-overload]  # `copybufsize` is missing in the stubs
        fileobj=target, mode="w|", format=tarfile.PAX_FORMAT, copybufsize=_COPY, bufsize=_COPY
    ) as tar:
        for name, path in entries:
            tar.add(path, arcname=name, filter=wanted)
    return members


def extract_tar(source: Reader, destination: Path, most_bytes: int | None = None) -> int:
    """Unpack into `destination`. Returns the number of members.

    Names and links that lead out are refused (tarfile's `data` filter), and no more than
    `most_bytes` are written. Raises tarfile.TarError or OSError.
    """
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    members = written = 0
    with tarfile.open(  # type: ignore[call-overload]  # `copybufsize` is missing in the stubs
        fileobj=source, mode="r|", bufsize=_COPY, copybufsize=_COPY
    ) as tar:
        for member in tar:
            members += 1
            written += member.size
            if most_bytes is not None and written > most_bytes:
                message = f"the archive holds more than the {most_bytes} bytes it should"
                raise tarfile.ReadError(message)
            tar.extract(member, destination, filter="data")
    # The stream is read to its end, so that what hashes it has seen all of it.
    while source.read(_COPY):
        pass
    return members


def remove_tree(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
