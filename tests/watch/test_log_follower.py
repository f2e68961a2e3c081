"""Every line once, whatever rotates the log and whenever the follower is restarted."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from parom.watch.log_follower import LogFollower
from parom.watch.position import Position, position_of

LINES, ROTATIONS = 20_000, 10


class Reader:
    """Follows a log with a new follower at each look, as if it were restarted each time."""

    def __init__(self, log: Path, kept: str = Position().written()) -> None:
        self.log, self.kept = log, kept
        self.lines: list[str] = []
        self.told: list[str] = []
        self.unread: list[str] = []

    def look(self, killed_after: int | None = None) -> bool:
        """Whether anything was read. Keeps the position with each piece, as a collector does;
        `killed_after` so many pieces the rest of the look is lost."""
        follower = LogFollower(self.log, position_of(self.kept))
        for number, piece in enumerate(follower.read()):
            if number == killed_after:
                return True
            self.lines += piece.data.decode().splitlines()
            self.told += piece.told
            self.unread += piece.unread
            self.kept = piece.position.written()
        before, self.kept = self.kept, follower.position.written()
        return before != self.kept


@pytest.mark.parametrize("how", ["renamed", "compressed", "truncated", "dated"])
def test_no_line_is_lost_and_none_is_read_twice(tmp_path: Path, how: str) -> None:
    """20,000 lines over 10 rotations, written while they are read by followers that are
    restarted at each look and killed in many."""
    log = tmp_path / "app.log"
    reader = Reader(log)
    argv = [sys.executable, Path(__file__).with_name("writer.py"), log, LINES, ROTATIONS, how]
    looks = 0
    with subprocess.Popen([str(one) for one in argv]) as writer:
        while writer.poll() is None:
            looks += 1
            reader.look(killed_after=looks % 3 or None)
    assert writer.returncode == 0
    while reader.look():
        pass
    counted = Counter(reader.lines)
    expected = {f"line {number:06}" for number in range(LINES)}
    assert expected - set(counted) == set()
    assert [line for line, times in counted.items() if times > 1] == []
    assert set(counted) == expected
    assert reader.unread == []


def write(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write(text)


def test_a_copy_in_the_place_of_a_log_is_the_same_log(tmp_path: Path) -> None:
    """What an editor writes anew, or a restored installation has: another inode, the same lines."""
    log = tmp_path / "app.log"
    log.write_text("one\ntwo\n")
    reader = Reader(log)
    reader.look()
    shutil.copy(log, tmp_path / "copy")
    (tmp_path / "copy").replace(log)
    with log.open("a") as out:
        out.write("three\n")
    while reader.look():
        pass
    assert reader.lines == ["one", "two", "three"]
    assert reader.unread == []


def test_rotation_is_told(tmp_path: Path) -> None:
    """Who reads the report can see why a file has another name."""
    log = tmp_path / "app.log"
    write(log, "one\n")
    reader = Reader(log)
    reader.look()
    log.rename(tmp_path / "app.log.1")
    write(tmp_path / "app.log.1", "two\n")
    write(log, "three\n")
    reader.look()
    assert reader.lines == ["one", "two", "three"]
    assert reader.told == ["app.log was rotated, reading on in app.log.1"]


def test_an_emptied_log_is_said_to_be_unread(tmp_path: Path) -> None:
    """What stood there between the last look and then, nobody knows."""
    log = tmp_path / "app.log"
    write(log, "one\n")
    reader = Reader(log)
    reader.look()
    write(log, "never seen\n")
    log.write_text("")
    write(log, "new\n")
    reader.look()
    reader.look()
    reader.look()
    assert reader.lines == ["one", "new"]
    assert len(reader.unread) == 1
    assert "emptied or removed after 4 bytes" in reader.unread[0]


def test_an_older_one_that_goes_unread_is_said(tmp_path: Path) -> None:
    """A follower was killed half-way, and retention was quicker than its restart."""
    log, older = tmp_path / "app.log", tmp_path / "app.log.1"
    write(older, "old\n" * 600_000)
    write(log, "one\n")
    reader = Reader(log)
    reader.look(killed_after=1)
    older.unlink()
    reader.look()
    reader.look()
    assert reader.unread == ["an older app.log was removed before it was read whole"]


def test_a_log_that_grew_beyond_the_old_place_after_truncation_is_new(tmp_path: Path) -> None:
    """Its size alone does not tell."""
    log = tmp_path / "app.log"
    write(log, "first generation\n" * 3)
    reader = Reader(log)
    reader.look()
    log.write_text("second generation\n" * 10)
    reader.look()
    assert reader.lines.count("second generation") == 10


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one\n" + "the same\n" * 20, "two\n" + "the same\n" * 20 + "more\n"),
        ("banner " * 200 + "\n" + "old\n" * 50, "banner " * 200 + "\n" + "new\n" * 80),
    ],
    ids=["same end", "same beginning"],
)
def test_both_ends_of_what_was_read_are_compared(tmp_path: Path, old: str, new: str) -> None:
    """Logs often begin alike, and often repeat a line."""
    log = tmp_path / "app.log"
    write(log, old)
    reader = Reader(log)
    reader.look()
    log.write_text(new)
    reader.look()
    assert reader.lines == (old + new).splitlines()


def test_an_inode_that_is_given_out_again_is_another_generation(tmp_path: Path) -> None:
    """File systems do so at once."""
    log = tmp_path / "app.log"
    write(log, "old\n" * 10)
    reader = Reader(log)
    reader.look()
    inode = log.stat().st_ino
    kept = reader.kept
    log.unlink()
    write(log, "new\n" * 20)
    reader = Reader(log, kept.replace(str(inode), str(log.stat().st_ino)))
    reader.look()
    assert reader.lines == ["new"] * 20


def test_a_log_that_was_empty_is_known_by_its_first_piece(tmp_path: Path) -> None:
    """Killed right after it, the follower must know the copy that is made next."""
    log = tmp_path / "app.log"
    write(log, "")
    reader = Reader(log)
    reader.look()
    write(log, "one\n")
    write(tmp_path / "app.log.1", "late\n")
    reader.look(killed_after=1)
    assert reader.lines == ["one"]
    shutil.copyfile(log, tmp_path / "app.log.2")
    log.write_text("")
    reader.look()
    reader.look()
    assert reader.lines == ["one", "late"]


def test_a_line_that_is_not_ended_waits(tmp_path: Path) -> None:
    """Half a line is no line; it comes whole, or as it is once nobody writes there any more."""
    log = tmp_path / "app.log"
    write(log, "whole\nha")
    reader = Reader(log)
    reader.look()
    assert reader.lines == ["whole"]
    write(log, "lf\nla")
    reader.look()
    assert reader.lines == ["whole", "half"]
    log.rename(tmp_path / "app.log.1")
    write(tmp_path / "app.log.1", "st")
    reader.look()
    assert reader.lines == ["whole", "half"]
    reader.look()
    reader.look()
    assert reader.lines == ["whole", "half", "last"]


def test_a_line_longer_than_a_piece_does_not_stop_it(tmp_path: Path) -> None:
    """Somebody logs a whole file; what comes after it counts too."""
    log = tmp_path / "app.log"
    write(log, "x" * 3_000_000 + "\nafter\n")
    reader = Reader(log)
    reader.look()
    assert reader.lines[-1] == "after"
    assert sum(len(line) for line in reader.lines[:-1]) == 3_000_000


def test_what_was_there_before_is_left_out_at_the_end(tmp_path: Path) -> None:
    """A watch begins with its own lines; one that was begun is read whole."""
    log = tmp_path / "app.log"
    write(tmp_path / "app.log.1", "older\n")
    write(log, "old\nbeg")
    reader = Reader(log, LogFollower.at_end(log).position.written())
    write(log, "un\nnew\n")
    reader.look()
    assert reader.lines == ["begun", "new"]


def test_a_log_may_appear_later(tmp_path: Path) -> None:
    """Also its folder."""
    log = tmp_path / "logs" / "app.log"
    reader = Reader(log)
    assert not reader.look()
    log.parent.mkdir()
    write(log, "one\n")
    reader.look()
    assert reader.lines == ["one"]


def test_a_pipe_under_the_log_s_name_is_not_waited_for(tmp_path: Path) -> None:
    """Only files can be followed."""
    log = tmp_path / "app.log"
    os.mkfifo(log)
    assert not Reader(log).look()


def test_links_beside_the_log_are_not_followed(tmp_path: Path) -> None:
    """Who may write there must not choose what Parom reads."""
    (tmp_path / "secret").write_text("secret\n")
    log = tmp_path / "app.log"
    write(log, "one\n")
    (tmp_path / "app.log.1").symlink_to(tmp_path / "secret")
    reader = Reader(log)
    reader.look()
    assert reader.lines == ["one"]


def test_a_log_that_is_a_link_is_followed_to_its_next_file(tmp_path: Path) -> None:
    """As cronolog and others do it."""
    log = tmp_path / "app.log"
    for day in ("20261125", "20261126"):
        write(tmp_path / f"app-{day}.log", f"{day}\n")
    log.symlink_to(tmp_path / "app-20261125.log")
    reader = Reader(log, LogFollower.at_end(log).position.written())
    write(tmp_path / "app-20261125.log", "late\n")
    log.unlink()
    log.symlink_to(tmp_path / "app-20261126.log")
    write(log, "new\n")
    reader.look()
    assert sorted(reader.lines) == ["late", "new"]
    assert reader.unread == []


@pytest.mark.parametrize("name", ["app.log", "app.log.1"])
def test_a_log_that_may_not_be_read_is_said(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that nobody can look into must not look like one without errors."""
    write(tmp_path / "app.log", "one\n")
    write(tmp_path / name, "two\n")

    def refused(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied")
        return opening(path, flags, mode)

    opening = os.open
    monkeypatch.setattr(os, "open", refused)  # root, as in a container, may read everything
    reader = Reader(tmp_path / "app.log")
    reader.look()
    assert reader.unread == [f"{name} cannot be read: [Errno 13] Permission denied"]


def test_a_broken_archive_is_said_once_it_is_not_written_any_more(tmp_path: Path) -> None:
    """Until then it may be one that is being compressed."""
    log = tmp_path / "app.log"
    packed = gzip.compress(b"".join(b"%d\n" % number for number in range(100_000)))
    (tmp_path / "app.log.1.gz").write_bytes(packed[: len(packed) // 2])
    reader = Reader(log)
    reader.look()
    assert reader.unread == []
    reader.look()
    assert len(reader.unread) == 1
    assert reader.unread[0].startswith("app.log.1.gz cannot be read")
    (tmp_path / "app.log.1.gz").write_bytes(packed)
    reader.look()
    assert reader.lines == [str(number) for number in range(100_000)]
