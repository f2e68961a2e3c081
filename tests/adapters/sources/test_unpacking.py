"""Archives that mean harm."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from parom.adapters.sources import unpacking
from parom.adapters.sources.unpacking import unpack
from parom.errors import ParomError


def file(name: str, content: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    return member, content


def special(name: str, kind: bytes, linkname: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, linkname
    return member, b""


def archive_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "members",
    [
        [file("/etc/cron.d/x")],
        [file("../outside")],
        [file("a/../../outside")],
        [special("a", tarfile.SYMTYPE, "/tmp"), file("a/through")],
        [special("a", tarfile.LNKTYPE, "/etc/passwd")],
        [special("a", tarfile.CHRTYPE)],
        [special("a", tarfile.FIFOTYPE)],
    ],
    ids=["absolute", "dots", "inner dots", "through a link", "hard link", "device", "pipe"],
)
def test_nothing_is_written_outside(
    tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]]
) -> None:
    """Parom may run as root."""
    archive = archive_of(tmp_path / "a.tar", *members)
    with pytest.raises(ParomError, match=r"source\.unsafe-archive"):
        unpack(archive, tmp_path / "to")
    assert {path.name for path in tmp_path.iterdir()} == {"a.tar", "to"}
    assert not Path("/tmp/through").exists()


@pytest.mark.parametrize("limit", ["MEMBERS_LIMIT", "BYTES_LIMIT"])
def test_an_archive_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """It would fill production's disk."""
    monkeypatch.setattr(unpacking, limit, 2)
    archive = archive_of(tmp_path / "a.tar", file("a"), file("b"), file("c"))
    with pytest.raises(ParomError, match=r"source\.too-large"):
        unpack(archive, tmp_path / "to")


@pytest.mark.parametrize(
    "damage", [lambda data: data[:700], lambda _data: b"no tar"], ids=["cut", "other"]
)
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """A disk that was full cuts files."""
    archive = archive_of(tmp_path / "a.tar", file("a", b"x" * 5000))
    archive.write_bytes(damage(archive.read_bytes()))
    with pytest.raises(ParomError, match=r"source\.unreadable-archive"):
        unpack(archive, tmp_path / "to")
