"""A key, trees to back up, and both vaults behind one description."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parom.adapters.vaults import identity
from parom.adapters.vaults.directory import DirectoryVault
from parom.adapters.vaults.memory import MemoryVault
from parom.adapters.vaults.program import age_program
from parom.facts import BackupManifest
from parom.ports import Vault

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    file: Path
    public: str


def a_key(folder: Path, name: str = "identity.txt") -> Key:
    return Key(folder / name, identity.create(folder / name))


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return a_key(tmp_path)


def a_manifest(
    backup_id: str, recipients: Sequence[str] = (), created: datetime = NOW
) -> BackupManifest:
    """What a caller knows before the backup is written."""
    return BackupManifest(
        id=backup_id,
        created=created,
        environment="production",
        release_id="r1",
        parts=(),
        tables=(),
        migrations=("notes.0001_initial",),
        recipients=tuple(recipients),
        verified=False,
        verified_how="",
    )


def accept(_part: str) -> None:
    """A caller that finds nothing to complain about."""


@dataclass
class Backups:
    """A vault with what is needed to fill it."""

    vault: Vault
    key: Key
    top: Path
    number: int = 0

    @property
    def scratch(self) -> Path:
        """Of the last backup."""
        return self.top / f"scratch-{self.number}"

    def tree(self) -> Path:
        """A folder with a file, an empty folder, an empty file, a link, a program."""
        tree = self.top / "tree"
        (tree / "in" / "empty").mkdir(parents=True, exist_ok=True)
        (tree / "in" / "note.txt").write_text("a note\n" * 1000)
        (tree / "nothing").touch()
        (tree / "run.sh").write_text("#!/bin/sh\n")
        (tree / "run.sh").chmod(0o755)
        if not (tree / "link").is_symlink():
            (tree / "link").symlink_to("in/note.txt")
        return tree

    def make(
        self,
        backup_id: str = "one",
        check: Callable[[str], None] = accept,
        created: datetime = NOW,
        still: Collection[str] = ("database",),
    ) -> BackupManifest:
        """A backup of the tree as `code` and of one file as `database`, which stands still."""
        self.number += 1
        scratch = self.scratch
        database = self.top / "db.sqlite3"
        database.write_bytes(b"rows" * 50_000)
        parts = {"code": [("tree", self.tree())], "database": [("database.sqlite3", database)]}
        manifest = a_manifest(backup_id, [self.key.public], created)
        return self.vault.create(manifest, parts, check, scratch, still=still)


def take_way(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypt with the program `age` or with pyrage, whatever this machine has."""
    if way == "pyrage":
        monkeypatch.setenv("PATH", "/nowhere")
        assert age_program() is None
    elif age_program() is None:
        pytest.skip("there is no trusted age program on PATH")


@pytest.fixture(params=["age", "pyrage"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways in turn."""
    take_way(request.param, monkeypatch)
    return str(request.param)


@pytest.fixture(params=["age", "pyrage", "memory"])
def backups(
    request: pytest.FixtureRequest, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> Backups:
    if request.param == "memory":
        return Backups(MemoryVault((key.public,)), key, tmp_path)
    take_way(request.param, monkeypatch)
    return Backups(DirectoryVault(tmp_path / "vault", (key.public,)), key, tmp_path)


@pytest.fixture
def stored(tmp_path: Path, key: Key) -> Backups:
    """A vault in a folder, with the backup `one` in it."""
    made = Backups(DirectoryVault(tmp_path / "vault", (key.public,)), key, tmp_path)
    made.make()
    return made
