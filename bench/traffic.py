"""The load as a process of its own, and the two spans of it that are judged."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import Dataset
from bench.seen import Answer, Seen, acknowledged, read, seen_between

BEFORE_S, AFTER_S = 6.0, 12.0
"""Load before a crossing, to know what is normal, and after it, to see the queue run off."""


@dataclass
class Traffic:
    """What clients did so far is in `file`; `spans` are the crossings, by name."""

    file: Path
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def crossing(self, name: str) -> Iterator[None]:
        """Notes the span of what is done in it, with what comes shortly after."""
        threading.Event().wait(BEFORE_S)
        began = time.time()
        yield
        threading.Event().wait(AFTER_S)
        self.spans[name] = (began, time.time())

    def seen(self, name: str) -> Seen:
        return seen_between(self._answers(), *self.spans[name])

    def keys(self) -> list[str]:
        return acknowledged(self._answers())

    def _answers(self) -> list[Answer]:
        return read(self.file)


@contextmanager
def traffic(data: Dataset, address: str, folder: Path, rate: float) -> Iterator[Traffic]:
    """Load on an address until the end of the block, when every request has come to its end."""
    file = folder / "load.jsonl"
    file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load", address, str(data.headers), str(data.shape.ids),
         str(file), "--rate", str(rate)],
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    try:
        yield Traffic(file)
    finally:
        process.terminate()
        process.wait()
