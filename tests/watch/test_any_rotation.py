"""Any order of writing, rotating, compressing, looking and restarting."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import zstandard
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.watch.test_log_follower import Reader

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


class Rotating(RuleBasedStateMachine):
    """A log of numbered lines. Nothing is ever removed without a copy of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.log = self.folder / "app.log"
        self.reader = Reader(self.log)
        self.written = self.older = 0
        self.plain: list[Path] = []

    def teardown(self) -> None:
        for _ in range(4):
            self.reader.look()
        shutil.rmtree(self.folder)
        counted = Counter(self.reader.lines)
        assert counted == Counter(f"line {number}" for number in range(self.written))
        assert self.reader.unread == []

    @rule(lines=st.integers(1, 30))
    def write(self, lines: int) -> None:
        self._write(self.log, lines)

    @precondition(lambda self: self.plain)
    @rule(lines=st.integers(1, 5))
    def write_to_the_one_before(self, lines: int) -> None:
        """A process that has not noticed the rotation yet."""
        self._write(self.plain[-1], lines)

    @precondition(lambda self: self.log.exists())
    @rule()
    def rename(self) -> None:
        self.plain.append(self.log.rename(self._next()))

    @precondition(lambda self: self.log.exists())
    @rule(looked=st.booleans())
    def copy_and_truncate(self, looked: bool) -> None:
        copy = self._next()
        shutil.copyfile(self.log, copy)
        if looked:
            self.reader.look()
        self.log.write_bytes(b"")
        self.plain.append(copy)

    @precondition(lambda self: self.plain)
    @rule(data=st.data(), suffix=st.sampled_from(sorted(PACKERS)), looked=st.booleans())
    def compress(self, data: st.DataObject, suffix: str, looked: bool) -> None:
        file = self.plain.pop(data.draw(st.integers(0, len(self.plain) - 1)))
        packed = PACKERS[suffix](file.read_bytes())
        target = file.with_name(file.name + suffix)
        if looked:
            target.write_bytes(packed[: len(packed) // 2])
            self.reader.look()
        target.write_bytes(packed)
        file.unlink()

    @rule()
    def look(self) -> None:
        self.reader.look()

    @rule(pieces=st.integers(0, 2))
    def look_and_be_killed(self, pieces: int) -> None:
        self.reader.look(killed_after=pieces)

    @invariant()
    def nothing_is_read_twice(self) -> None:
        assert len(set(self.reader.lines)) == len(self.reader.lines)

    def _write(self, file: Path, lines: int) -> None:
        with file.open("a") as stream:
            for _ in range(lines):
                stream.write(f"line {self.written}\n")
                self.written += 1

    def _next(self) -> Path:
        self.older += 1
        return self.folder / f"app.log.{self.older}"


TestAnyRotation = Rotating.TestCase
TestAnyRotation.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
