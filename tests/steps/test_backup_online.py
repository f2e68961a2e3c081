"""The copy of which the backup was made becomes the rehearsal's, wherever the engine died."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.adapters.vaults import identity
from parom.adapters.vaults.directory import DirectoryVault
from parom.steps import backup, rehearsal
from tests.adapters.vaults.conftest import NOW


class KilledError(Exception):
    """The engine ends here."""


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A run over a real SQLite database and a real vault; media are beside."""
    live = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("INSERT INTO note (text) VALUES ('before')")
        connection.commit()
    (tmp_path / "media").mkdir()

    def parts_of(_of: object, file: Path, *_rest: object) -> dict[str, list[tuple[str, Path]]]:
        return {"database": [("database.sqlite3", file)], "media": [("m", tmp_path / "media")]}

    monkeypatch.setattr(backup, "parts_of", parts_of)
    for module in (backup, rehearsal):
        monkeypatch.setattr(module, "way_back", lambda _context: "r1")
    recipients = (identity.create(tmp_path / "identity.txt"),)
    made = MagicMock()
    made.installation.database = SQLiteDatabase(live, tmp_path / "store")
    made.installation.vault = DirectoryVault(tmp_path / "vault", recipients)
    made.installation.config.project.environment = "production"
    made.installation.config.vault.recipients = recipients
    made.installation.clock.now.return_value = NOW
    made.plan = SimpleNamespace(run_id="run")
    made.folder, made.results = tmp_path / "run", {}
    return made


def notes_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note")]


def write(context: Any, text: str) -> None:
    with closing(sqlite3.connect(context.installation.database.settings_name)) as connection:
        connection.execute("INSERT INTO note (text) VALUES (?)", (text,))
        connection.commit()


def taken(context: Any) -> list[str]:
    """What the rehearsal finds."""
    file, media = rehearsal.RunRehearsal()._pristine(context)
    assert media.is_dir()
    return notes_in(file)


def test_the_rehearsal_works_on_the_copy_that_was_backed_up(context: Any) -> None:
    """What is written after it was made is in neither."""
    told = backup.BackupOnline().run(context)
    write(context, "later")
    assert told["rows"] == 1
    assert taken(context) == ["before"]
    assert [path.name for path in context.folder.iterdir()] == ["scratch"]
    assert [path.name for path in (context.folder / "scratch" / "media").iterdir()] == ["m"]


@pytest.mark.parametrize("at", ["before the move", "before the copy's folder goes"])
def test_a_step_that_was_killed_behind_its_backup_moves_that_copy(
    context: Any, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """A copy that is made anew would be another than the one that is in the backup."""

    hand_over = backup._hand_over

    def killed(copy: Path, place: Path) -> None:
        if at != "before the move":
            hand_over(copy, place)
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_hand_over", killed)
        with pytest.raises(KilledError):
            backup.BackupOnline().run(context)
    write(context, "later")
    told = backup.BackupOnline().run(context)
    assert told["backup"] == "run-before"
    assert len(context.installation.vault.list()) == 1
    assert taken(context) == ["before"]
    assert [path.name for path in context.folder.iterdir()] == ["scratch"]


def test_a_step_that_was_killed_before_its_backup_begins_anew(
    context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the copy held is nobody's; the backup holds what is there now."""
    with monkeypatch.context() as patched:
        patched.setattr(backup, "write_backup", MagicMock(side_effect=KilledError))
        with pytest.raises(KilledError):
            backup.BackupOnline().run(context)
    write(context, "later")
    assert backup.BackupOnline().run(context)["rows"] == 2
    assert taken(context) == ["before", "later"]


def test_where_the_copy_is_gone_the_rehearsal_makes_its_own(context: Any) -> None:
    """Somebody tidied up: a backup is there all the same."""
    backup.BackupOnline().run(context)
    backup._clear(backup.scratch_of(context))
    backup.BackupOnline().run(context)
    write(context, "later")
    assert taken(context) == ["before", "later"]


def test_taking_it_back_leaves_nothing_but_the_backup(context: Any) -> None:
    """Copies in the clear must not lie about."""
    backup.BackupOnline().run(context)
    backup.BackupOnline().undo(context)
    assert list(context.folder.iterdir()) == []
    assert len(context.installation.vault.list()) == 1
