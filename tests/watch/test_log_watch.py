"""A log from its file to the samples of a verdict."""

from __future__ import annotations

from pathlib import Path

from parom.verdict.samples import LogEntry, LogLooked
from parom.verdict.signature import Signature
from parom.verdict.tracebacks import UNREADABLE, Reading
from parom.watch.log_watch import LogPlace, looked, place_at_end, place_of

READING = Reading()
SIGNATURE = Signature("ValueError", "a.py", "get", "bad 0")
FIRST = 'pid=1 ERROR\nTraceback (most recent call last):\n  File "a.py", line 1, in get\n    x\n'
LAST = "ValueError: bad 3\n"


class Log:
    """A log and how it is looked at: each time from what was kept in writing."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "app.log"
        self.kept = LogPlace(place_at_end(self.file).position).written()

    def write(self, text: str) -> None:
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(text)

    def look(self) -> LogLooked:
        look, place, _ = looked(self.file, "app", 5.0, place_of(self.kept), READING)
        self.kept = place.written()
        return look


def test_a_traceback_is_found_once_over_restarts(tmp_path: Path) -> None:
    """Half of it was read before the restart."""
    log = Log(tmp_path)
    log.write("pid=1 INFO\n" + FIRST)
    assert log.look() == LogLooked("app", 5.0)
    log.write(LAST)
    assert log.look().entries == ()  # another may follow as its consequence
    assert log.look().entries == (LogEntry(SIGNATURE, "1"),)
    assert log.look().entries == ()


def test_a_traceback_before_a_rotation_is_whole(tmp_path: Path) -> None:
    """No record goes on in the next file."""
    log = Log(tmp_path)
    log.write(FIRST + LAST)
    log.look()
    log.file.rename(tmp_path / "app.log.1")
    log.write("pid=2 INFO\n" + FIRST.replace("pid=1", "pid=2") + LAST + "pid=2 INFO\n")
    assert log.look().entries == (LogEntry(SIGNATURE, "1"), LogEntry(SIGNATURE, "2"))


def test_a_traceback_that_was_cut_off_with_its_file_is_not_ended_by_the_next(
    tmp_path: Path,
) -> None:
    """It would be given the name of another error."""
    log = Log(tmp_path)
    log.write(FIRST)
    log.look()
    log.file.rename(tmp_path / "app.log.1")
    log.write("KeyError: of something else\n")
    assert log.look().entries == (LogEntry(UNREADABLE, ""),)


def test_the_same_error_many_times_is_one_entry(tmp_path: Path) -> None:
    """A gigabyte of one error must fit into memory."""
    log = Log(tmp_path)
    log.write((FIRST + LAST) * 5000 + "pid=1 INFO\n")
    assert log.look().entries == (LogEntry(SIGNATURE, "1", 5000),)


def test_a_log_that_is_not_there_is_unread(tmp_path: Path) -> None:
    """No log is no evidence that there are no errors in it."""
    log = Log(tmp_path)
    assert log.look().unread == "there is no such log"
    log.write("pid=1 INFO\n")
    assert log.look().unread == ""


def test_an_emptied_log_is_unread(tmp_path: Path) -> None:
    """R-13.4."""
    log = Log(tmp_path)
    log.write("pid=1 INFO\n")
    log.look()
    log.file.write_text("")
    log.look()
    assert "emptied or removed" in log.look().unread
