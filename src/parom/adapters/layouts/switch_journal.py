"""Which release lies in an installation's folder, and which switch is under way."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parom.durable import fsync_directory, write_atomically
from parom.errors import layout as errors
from parom.words.said import said


@dataclass(frozen=True)
class Switching:
    """A switch that has begun."""

    earlier: str | None
    target: str
    involved: tuple[str, ...]
    """Every release of which files may lie in the folder; grows when directions change."""
    environment: str
    """The name under which an environment from before Parom is put away."""


class SwitchJournal:
    """Two small files: `current.json`, and `switching.json` while a switch is under way."""

    def __init__(self, state: Path) -> None:
        self._current = state / "current.json"
        self._switching = state / "switching.json"

    def current(self) -> str | None:
        record = _read(self._current)
        return None if record is None else str(record["release"])

    def switching(self) -> Switching | None:
        record = _read(self._switching)
        if record is None:
            return None
        return Switching(
            earlier=record["earlier"],
            target=record["target"],
            involved=tuple(record["involved"]),
            environment=record["environment"],
        )

    def begin(self, target: str) -> Switching:
        """Write down a switch before its first effect; carry on one that is under way."""
        known, current = self.switching(), self.current()
        before = known.involved if known else ()
        also = {*before, *filter(None, (current, known.target if known else None))}
        switching = Switching(
            earlier=current,
            target=target,
            involved=tuple(sorted(also)),
            environment=known.environment if known else f"before-{target}-{secrets.token_hex(4)}",
        )
        self._write(self._switching, asdict(switching))
        return switching

    def finish(self, target: str) -> None:
        """From now on `target` is what lies in the folder."""
        self._write(self._current, {"release": target})
        self._switching.unlink(missing_ok=True)
        fsync_directory(self._switching.parent)

    def forget(self) -> None:
        """From now on nothing lies in the folder."""
        for path in (self._switching, self._current):
            path.unlink(missing_ok=True)
        fsync_directory(self._current.parent)

    @staticmethod
    def _write(path: Path, record: dict[str, Any]) -> None:
        write_atomically(path, json.dumps(record).encode(), 0o600)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        record = json.loads(text)
    except ValueError as reason:
        raise errors.unreadable_record(path, str(reason)) from reason
    if not isinstance(record, dict):
        raise errors.unreadable_record(path, said("it is no JSON object"))
    return record
