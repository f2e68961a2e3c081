"""Files that are whole or absent at every instant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from parom.durable import clear_abandoned_inside, replace_symlink, write_atomically
from tests.adapters.layouts.killing import killed_at


@pytest.mark.parametrize("kind", ["file", "link"])
def test_killed_anywhere_there_is_the_old_or_the_new(tmp_path: Path, kind: str) -> None:
    """And the next call leaves nothing of the killed one behind."""
    path = tmp_path / "state"

    def write(value: str) -> None:
        if kind == "file":
            write_atomically(path, value.encode(), 0o600)
        else:
            replace_symlink(path, value)

    def read() -> str:
        return path.read_text() if kind == "file" else str(path.readlink())

    change = 0
    killed = True
    while killed:
        change += 1
        write("old")
        killed = killed_at(change, lambda: write("new"))
        assert read() in ("old", "new")
        write("old")
        assert [one.name for one in tmp_path.iterdir()] == ["state"]
    assert change > 2


def test_a_file_gets_exactly_its_mode(tmp_path: Path) -> None:
    """Whatever the umask; secrets are written with this."""
    write_atomically(tmp_path / "secret", b"x", 0o600)
    write_atomically(tmp_path / "public", b"x", 0o666)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "public").stat().st_mode & 0o777 == 0o666


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    """A folder in the way is the simplest failure of a rename."""
    (tmp_path / "state" / "inside").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "state", b"x")
    with pytest.raises(IsADirectoryError):
        replace_symlink(tmp_path / "state", "elsewhere")
    assert [one.name for one in tmp_path.iterdir()] == ["state"]


def test_a_folder_is_cleared_of_what_killed_writers_left(tmp_path: Path) -> None:
    """A file that nobody writes again has no next writer that would do it."""
    (tmp_path / "kept.json").write_text("kept")
    assert killed_at(2, lambda: write_atomically(tmp_path / "watch.json", b"new", 0o600))
    assert len(list(tmp_path.iterdir())) == 2
    mine = tmp_path / f".watch.json.{os.getpid()}.1.parom-new"
    mine.touch()
    clear_abandoned_inside(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {"kept.json", mine.name}
