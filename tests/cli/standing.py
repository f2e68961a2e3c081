"""Everything of an installation that a refused command must leave alone, as one value."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from tests.support.ferry import Ferry
from tests.support.waiting import wait_until

_JOURNAL = ("journal.sqlite3", "lock", "runs", "source.git", "logs")
"""In .parom: the journal with what belongs to it, the mirror of the source, logs."""
_OF_READERS = ("-wal", "-shm")
"""What SQLite has beside a database while somebody has it open, which can go at any moment."""
_SAID_ANEW = ("doorman.json", "doorman.partial")
"""What the doorman writes several times a second; what it does is the gateway's state."""
_LARGE = 64 << 20


@dataclass(frozen=True)
class Standing:
    """`files` maps every path to its kind, mode and content."""

    files: dict[str, str]
    services: list[dict[str, object]]
    gateway: str

    @staticmethod
    def of(ferry: Ferry) -> Standing:
        from parom.config.reading import read
        from parom.wiring import installation_of

        _wait_for_readers(ferry.live_database)
        files: dict[str, str] = {}
        for top in (ferry.root, ferry.top / "vault"):
            files |= {str(path): _described(path) for path in _below(top)}
        listed = json.loads(ferry.parom("services", "list", "--json").stdout)
        gateway = installation_of(read(ferry.config)).gateway.state()
        return Standing(files, listed, str(gateway))

    def differs_from(self, other: Standing) -> list[str]:
        """What is not the same, by name."""
        names = {*self.files, *other.files}
        found = [name for name in sorted(names) if self.files.get(name) != other.files.get(name)]
        if self.services != other.services:
            found.append(f"services: {self.services} -> {other.services}")
        if self.gateway != other.gateway:
            found.append(f"gateway: {self.gateway} -> {other.gateway}")
        return found


def _below(top: Path) -> list[Path]:
    found = []
    for folder, names, files in os.walk(top):
        here = Path(folder)
        if here == top / ".parom":
            names[:] = [name for name in names if not name.startswith(_JOURNAL)]
        for name in (*names, *files):
            is_journal = here == top / ".parom" and name.startswith(_JOURNAL)
            if not is_journal and name not in _SAID_ANEW and not name.endswith(_OF_READERS):
                found.append(here / name)
    return found


def _wait_for_readers(database: Path) -> None:
    """Whoever closes last takes the log into the database: then all of it is in one file.

    An application has answered before it closes.
    """
    log = Path(f"{database.resolve()}-wal")
    wait_until(lambda: not log.exists(), "the application has closed its database")


def _described(path: Path) -> str:
    status = path.lstat()
    if path.is_symlink():
        return f"link {path.readlink()}"
    if not path.is_file():
        return f"{status.st_mode:o}"
    if status.st_size > _LARGE:
        return f"{status.st_mode:o} {status.st_size} {status.st_mtime_ns}"
    return f"{status.st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
