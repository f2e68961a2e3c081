"""Trees to tar and back, whatever is in them, and nothing beside the destination."""

from __future__ import annotations

import io
import os
import shutil
import socket
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parom.adapters.vaults.archive import (
    compare_tar,
    extract_tar,
    read_tar,
    remove_tree,
    write_tar,
)
from parom.adapters.vaults.streams import BUFFER, Buffered, TarStream
from parom.tree import scan

NAMES = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="/\0"), min_size=1, max_size=40
).filter(lambda name: name not in (".", "..", "__pycache__") and len(name.encode()) < 250)
FILES = st.tuples(st.binary(max_size=3000), st.sampled_from([0o644, 0o600, 0o755, 0o400, 0o666]))
LINKS = st.sampled_from(["nowhere", "./x y", "café"])
TREES = st.recursive(
    st.one_of(FILES, LINKS),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def write(path: Path, tree: object) -> None:
    if isinstance(tree, dict):
        path.mkdir()
        for name, inner in tree.items():
            write(path / name, inner)
    elif isinstance(tree, tuple):
        path.write_bytes(tree[0])
        path.chmod(tree[1])
    else:
        path.symlink_to(str(tree))


def packed(*entries: tuple[str, Path]) -> bytes:
    target = io.BytesIO()
    write_tar(entries, target)
    return target.getvalue()


def unpacked(data: bytes, destination: Path, most: int | None = None) -> int:
    return extract_tar(TarStream(Buffered(io.BytesIO(data)), most), destination)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, TREES, max_size=5))
def test_every_tree_comes_back_as_it_was(tree: dict[str, object]) -> None:
    """People name files as they like: spaces, line breaks, any script; modes are secrets."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        write(top / "in", tree)
        data = packed(("tree", top / "in"))
        members = unpacked(data, top / "out")
        assert read_tar(TarStream(Buffered(io.BytesIO(data)))) == members
        wanted = scan(top / "in", lambda _path: False)
        assert scan(top / "out" / "tree", lambda _path: False) == wanted
        with tarfile.open(fileobj=io.BytesIO(data)) as plain:  # any tar program reads it
            assert len(plain.getmembers()) == members


def test_folders_keep_their_modes_also_read_only_ones(tmp_path: Path) -> None:
    """A private folder must not become a public one by being restored."""
    (tmp_path / "in" / "private").mkdir(parents=True)
    (tmp_path / "in" / "private" / "file").write_text("x")
    (tmp_path / "in" / "private").chmod(0o500)
    unpacked(packed(("tree", tmp_path / "in")), tmp_path / "out")
    assert (tmp_path / "out" / "tree" / "private").stat().st_mode & 0o777 == 0o500
    remove_tree(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_hard_links_and_large_files_come_back(tmp_path: Path) -> None:
    """Blocks are larger than buffers, and one inode may have two names."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one").write_bytes(os.urandom((5 << 20) + 7))
    (tmp_path / "in" / "two").hardlink_to(tmp_path / "in" / "one")
    unpacked(packed(("tree", tmp_path / "in")), tmp_path / "out")
    for name in ("one", "two"):
        restored = tmp_path / "out" / "tree" / name
        assert restored.read_bytes() == (tmp_path / "in" / "one").read_bytes()


def test_sockets_and_caches_are_left_out() -> None:
    """A socket is no data; a running application has one in its folder."""
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_UNIX) as listening:
        top = Path(name)
        (top / "in" / "__pycache__").mkdir(parents=True)
        listening.bind(str(top / "in" / "socket"))
        (top / "in" / "file").touch()
        unpacked(packed(("tree", top / "in")), top / "out")
        assert [path.name for path in (top / "out" / "tree").iterdir()] == ["file"]


def test_what_goes_while_it_is_packed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People delete uploads during a backup, and applications their temporary files."""
    write(tmp_path / "in", {"file": (b"x", 0o644), "goes": (b"y", 0o644), "with it": {}})
    listing = os.listdir

    def listed(folder: Path) -> list[str]:
        names = listing(folder)
        (folder / "goes").unlink(missing_ok=True)
        if (folder / "with it").exists():
            (folder / "with it").rmdir()
        return names

    monkeypatch.setattr(os, "listdir", listed)
    data = packed(("tree", tmp_path / "in"))
    assert unpacked(data, tmp_path / "out") == 2
    assert [path.name for path in (tmp_path / "out" / "tree").iterdir()] == ["file"]


def test_what_was_to_be_packed_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A backup without its database must not look whole."""
    with pytest.raises(FileNotFoundError):
        packed(("database.sqlite3", tmp_path / "gone"))


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, size
    return info.tobuf(tarfile.PAX_FORMAT) + b"\0" * (-(-size // 512) * 512)


END = b"\0" * 1024


@pytest.mark.parametrize(
    "data",
    [
        member("../evil"),
        member("in/../../evil"),
        member("evil", tarfile.SYMTYPE, "/etc/passwd"),
        member("evil", tarfile.SYMTYPE, "../../evil"),
        member("evil", tarfile.LNKTYPE, "../evil"),
        member("door", tarfile.SYMTYPE, "..") + member("door/evil"),
        member("evil", tarfile.CHRTYPE),
        member("evil", tarfile.FIFOTYPE),
    ],
    ids=["dots", "dots inside", "absolute link", "link out", "hard link", "through a link",
         "device", "pipe"],
)  # fmt: skip
def test_what_leads_out_is_refused(tmp_path: Path, data: bytes) -> None:
    """Whoever has the public key can make an archive; it must not write where it likes."""
    destination = tmp_path / "a" / "out"
    destination.parent.mkdir()
    with pytest.raises(tarfile.TarError):
        unpacked(data + END, destination)
    assert not any(path.name == "evil" for path in tmp_path.rglob("*"))


def test_an_absolute_name_stays_inside(tmp_path: Path) -> None:
    """As tar itself does: the slash at the front is dropped."""
    unpacked(member("/etc/evil") + END, tmp_path / "out")
    assert (tmp_path / "out" / "etc" / "evil").exists()


@pytest.mark.parametrize(
    "data",
    [member("bomb", size=1 << 20), member("a", size=60_000) + member("b", size=60_000)],
    ids=["one", "many"],
)
def test_no_more_is_unpacked_than_was_packed(tmp_path: Path, data: bytes) -> None:
    """A few bytes of ciphertext can hold a disk full of zeros."""
    with pytest.raises(tarfile.ReadError, match="more than the 100000 bytes"):
        unpacked(data + END, tmp_path / "out", 100_000)


def test_a_header_that_announces_gigabytes_is_not_believed(tmp_path: Path) -> None:
    """It would be read into memory at once."""
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    with pytest.raises(tarfile.TarError):
        unpacked(info.tobuf(tarfile.PAX_FORMAT) + END, tmp_path / "out", 100_000)


def test_an_archive_that_ends_too_early_is_an_error(tmp_path: Path) -> None:
    """Half a file must not pass for a file."""
    data = member("file", size=5000)[:2000]
    with pytest.raises(tarfile.TarError):
        unpacked(data, tmp_path / "out")
    shutil.rmtree(tmp_path / "out")


LARGE = 2 * BUFFER + 100


def compared(data: bytes, *entries: tuple[str, Path]) -> int:
    return compare_tar(TarStream(Buffered(io.BytesIO(data))), entries)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Larger than two buffers."""
    (tmp_path / "in").write_bytes(os.urandom(LARGE))
    return tmp_path / "in"


def test_what_is_the_same_is_found_the_same_and_nothing_is_written(
    tmp_path: Path, file: Path
) -> None:
    """An empty file, a short one and one of several buffers."""
    (tmp_path / "empty").touch()
    (tmp_path / "short").write_text("x")
    entries = [("a/in", file), ("/empty", tmp_path / "empty"), ("é" * 60, tmp_path / "short")]
    before = scan(tmp_path, lambda _path: False)
    assert compared(packed(*entries), *entries) == 3
    assert scan(tmp_path, lambda _path: False) == before


@pytest.mark.parametrize("at", [0, 1, BUFFER - 1, BUFFER, LARGE // 2, 2 * BUFFER, LARGE - 1])
@pytest.mark.parametrize("side", ["the archive", "the file"])
def test_each_byte_is_compared(file: Path, side: str, at: int) -> None:
    """One bit in a gigabyte is a row of somebody's."""
    data = bytearray(packed(("in", file)))
    start = data.index(file.read_bytes()[:32])
    if side == "the archive":
        data[start + at] ^= 1
    else:
        content = bytearray(file.read_bytes())
        content[at] ^= 1
        file.write_bytes(content)
    with pytest.raises(tarfile.ReadError, match="not what went in"):
        compared(bytes(data), ("in", file))


CHANGES = {
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"x"),
    "shorter": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "empty": lambda file: file.write_bytes(b""),
    "for all to read": lambda file: file.chmod(0o777),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_became_another_is_found(file: Path, change: str) -> None:
    """A size or a mode that differs is a difference too."""
    data = packed(("in", file))
    CHANGES[change](file)
    with pytest.raises(tarfile.ReadError, match="went in"):
        compared(data, ("in", file))


@pytest.mark.parametrize(
    "data",
    [
        END,
        member("other") + END,
        member("in", tarfile.SYMTYPE, "x") + END,
        member("in", tarfile.DIRTYPE) + END,
        member("in") + member("in") + END,
        member("in") + member("more") + END,
        member("in", size=512),
    ],
    ids=["missing", "named otherwise", "a link", "a folder", "twice", "one too much", "larger"],
)
def test_a_member_that_is_missing_other_or_too_much_is_found(tmp_path: Path, data: bytes) -> None:
    """What is in the archive is what went in, and nothing else."""
    (tmp_path / "in").touch(0o644)
    (tmp_path / "in").chmod(0o644)
    with pytest.raises(tarfile.TarError):
        compared(data, ("in", tmp_path / "in"))
