"""From the compressed stream of a part to its tar stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO

from zstandard import ZstdDecompressor

from parom.adapters.vaults.streams import BUFFER, Ahead, Buffered, TarStream


@dataclass(frozen=True)
class Unpacked:
    """What came out of a sealed part."""

    members: int
    size: int
    sha256: str
    """Empty where it was not asked for."""


def unpack(
    compressed: FileIO,
    read: Callable[[TarStream], int],
    most_bytes: int | None = None,
    *,
    ahead: bool = False,
    with_sha256: bool = False,
) -> Unpacked:
    """Decompress, and let `read` (see `archive`) make of the tar stream what is wanted.

    The checksum in the frame is compared on the way. With `ahead` a thread decompresses, which
    the process must not outlive when this fails. Raises zstandard.ZstdError, tarfile.TarError,
    OSError.
    """
    reader = ZstdDecompressor().stream_reader(compressed, read_size=BUFFER)
    blocks = Buffered(reader, with_sha256=with_sha256)
    plain = TarStream(Ahead(blocks) if ahead else blocks, most_bytes)
    return Unpacked(read(plain), plain.size, blocks.sha256)
