"""From the compressed stream of a part to its files."""

from __future__ import annotations

from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from zstandard import ZstdDecompressor

from parom.adapters.vaults.archive import extract_tar, read_tar
from parom.adapters.vaults.streams import BUFFER, Ahead, Hashed, TarStream


@dataclass(frozen=True)
class Unpacked:
    """What came out of a sealed part."""

    members: int
    size: int
    sha256: str


def unpack(
    compressed: FileIO,
    destination: Path | None,
    most_bytes: int | None = None,
    *,
    ahead: bool = False,
) -> Unpacked:
    """Decompress and unpack; without a destination nothing is written.

    The checksum in the frame is compared on the way. With `ahead` a thread decompresses, which
    the process must not outlive when this fails. Raises zstandard.ZstdError, tarfile.TarError,
    OSError.
    """
    hashed = Hashed(ZstdDecompressor().stream_reader(compressed, read_size=BUFFER))
    plain = TarStream(Ahead(hashed) if ahead else hashed, most_bytes)
    members = extract_tar(plain, destination) if destination else read_tar(plain)
    return Unpacked(members, plain.size, hashed.sha256)
