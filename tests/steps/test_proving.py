"""A backup counts where the copy in it is whole, has the rows, and stood still."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parom.adapters.databases.memory import MemoryDatabase
from parom.adapters.vaults import identity
from parom.adapters.vaults.memory import MemoryVault
from parom.errors import ParomError
from parom.facts import BackupManifest, DatabaseCopy, TableCount
from parom.ports import Progress
from parom.steps.proving import proven


class Database(MemoryDatabase):
    """Notes when its copy was checked."""

    def __init__(self, acts: list[str], wrong: str = "") -> None:
        super().__init__({"note": {1: {"text": "a"}}})
        self.acts, self.wrong = acts, wrong

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:
        self.acts.append("checked")
        if self.wrong == "damaged":
            raise ParomError("database.damaged", "It is damaged.", "Look.")
        found = super().check_copy(copy, thorough=thorough)
        return () if self.wrong == "rows" else found


class Vault(MemoryVault):
    """Notes when the stored bytes are proven; fails, or is written behind, where it is told to."""

    act: Callable[[], None] = staticmethod(lambda: None)
    acts: Sequence[str] = ()

    def create(
        self,
        manifest: BackupManifest,
        parts: Mapping[str, Sequence[tuple[str, Path]]],
        check: Callable[[str], None],
        scratch: Path,
        progress: Progress | None = None,
        *,
        still: Collection[str] = (),
    ) -> BackupManifest:
        def noted(part: str) -> None:
            self.act()
            check(part)

        return super().create(manifest, parts, noted, scratch, progress, still=still)


def a_backup(tmp_path: Path, vault: Vault, database: Database) -> BackupManifest:
    file = tmp_path / "copy"
    copy = DatabaseCopy(file, database.copy_online(file))
    manifest = BackupManifest(
        id="one",
        created=datetime(2026, 11, 24, 12, tzinfo=UTC),
        environment="production",
        release_id="r1",
        parts=(),
        tables=copy.tables,
        migrations=(),
        recipients=(),
        verified=False,
        verified_how="",
    )
    parts = {"database": [("memory", file)], "code": [("code", file)]}
    return proven(vault, database, copy, manifest, parts, tmp_path / "scratch")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault((identity.create(tmp_path / "identity.txt"),))


def test_a_copy_that_is_whole_and_stood_still_counts(tmp_path: Path, vault: Vault) -> None:
    """It is not in the scratch place: the rest is."""
    acts: list[str] = []
    made = a_backup(tmp_path, vault, Database(acts))
    assert vault.list() == (made,)
    assert acts == ["checked"]
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == ["code"]


def test_what_must_be_loaded_somewhere_is_checked_once_it_is_proven(
    tmp_path: Path, vault: Vault
) -> None:
    """A server is not troubled by an archive that is not the one that was stored."""
    acts: list[str] = []
    vault.act = lambda: acts.append("proven")
    a_backup(tmp_path, vault, Database(acts))
    assert acts[:2] == ["proven", "checked"]


@pytest.mark.parametrize(
    ("wrong", "error"), [("damaged", "database.damaged"), ("rows", "backup.differs")]
)
def test_a_copy_that_is_not_whole_is_no_backup(
    tmp_path: Path, vault: Vault, wrong: str, error: str
) -> None:
    """R-2.3: its bytes are proven, and what they are is wrong."""
    with pytest.raises(ParomError, match=error):
        a_backup(tmp_path, vault, Database([], wrong))
    assert vault.list() == ()


@pytest.mark.parametrize("how", ["written", "replaced", "touched"])
def test_a_copy_that_did_not_stand_still_is_no_backup(
    tmp_path: Path, vault: Vault, how: str
) -> None:
    """What was checked and what was packed may have been two databases, alike as they are now."""

    file = tmp_path / "copy"

    def act() -> None:
        before = file.stat()
        # Again and again: a file's times are those of the kernel's last tick.
        while (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns):
            if how == "replaced":
                (tmp_path / "other").write_bytes(file.read_bytes())
                (tmp_path / "other").replace(file)
            elif how == "touched":
                os.utime(file)
            else:
                file.write_bytes(file.read_bytes())

    vault.act = act
    with pytest.raises(ParomError, match=r"backup\.differs"):
        a_backup(tmp_path, vault, Database([]))
    assert vault.list() == ()


def test_a_vault_that_fails_is_heard_and_nothing_is_checked_behind_it(
    tmp_path: Path, vault: Vault
) -> None:
    """Its error says what to do."""
    acts: list[str] = []

    def act() -> None:
        raise ParomError("vault.disk-full", "The disk is full.", "Make room.")

    vault.act = act
    with pytest.raises(ParomError, match=r"vault\.disk-full"):
        a_backup(tmp_path, vault, Database(acts, "damaged"))
    assert acts == []
