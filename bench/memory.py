"""The peak memory of Parom: its processes with their children, without the application's."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import psutil

_EVERY_S = 0.2
_APPLICATION = "the application"


class PeakMemory:
    """Samples while in use. `roots` are processes of Parom; what runs under an interpreter
    below `installation` is the application's own and does not count.

    Proportional set sizes are added, so that pages which processes share count once.
    """

    def __init__(self, roots: Iterable[int], installation: Path) -> None:
        self._roots, self._installation = set(roots), str(installation)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak_bytes = 0
        self.made_of: dict[str, int] = {}
        """Bytes at the peak by what runs: a module, else a program; the largest first."""

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(_EVERY_S):
            self._take(self._parts())

    def _take(self, parts: Counter[str]) -> None:
        if parts.total() > self.peak_bytes:
            self.peak_bytes, self.made_of = parts.total(), dict(parts.most_common())

    def _parts(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for process in self._processes():
            name, size = self._size(process)
            found[name] += size
        return found

    def _processes(self) -> set[psutil.Process]:
        found = set()
        for pid in self._roots:
            try:
                root = psutil.Process(pid)
                found |= {root, *root.children(recursive=True)}
            except psutil.NoSuchProcess:
                continue
        return found

    def _size(self, process: psutil.Process) -> tuple[str, int]:
        try:
            command = process.cmdline()
            if command and command[0].startswith(self._installation):
                return _APPLICATION, 0
            return _name(command) or process.name(), int(process.memory_full_info().pss)
        except psutil.Error:  # it ended just now
            return _APPLICATION, 0


def _name(command: list[str]) -> str:
    """The module that Python runs, where it is told one."""
    return command[command.index("-m") + 1] if "-m" in command[:-1] else ""
