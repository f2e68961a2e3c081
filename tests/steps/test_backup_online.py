"""The copy of which the backup was made becomes the rehearsal's, wherever the engine died."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parom.config.reading import read
from parom.plan.plan import Kind, Plan
from parom.steps import backup
from parom.steps.rehearsal import RunRehearsal
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry


class KilledError(Exception):
    """The engine ends here."""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A run over a release, its database and a picture."""
    ferry = make_ferry(tmp_path)
    for name in ("releases/r1/.venv", "shared/media"):
        (ferry.root / name).mkdir(parents=True)
    (ferry.root / "releases" / "r1" / "manage.py").write_text("print()")
    (ferry.root / "shared" / "media" / "photo.jpg").write_bytes(b"pixels")
    with closing(sqlite3.connect(ferry.live_database)) as connection, connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("INSERT INTO note (text) VALUES ('before')")
    return Context(
        installation=installation_of(read(ferry.config)),
        plan=Plan(Kind.DEPLOY, "run", "production", (), "r2", "a test", from_release="r1"),
        results={},
        tell=lambda _kind, _data: None,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )


def notes_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note")]


def write(context: Context, text: str) -> None:
    with closing(sqlite3.connect(context.installation.database.settings_name)) as connection:
        connection.execute("INSERT INTO note (text) VALUES (?)", (text,))
        connection.commit()


def taken(context: Context) -> list[str]:
    """What the rehearsal finds."""
    file, media = RunRehearsal()._pristine(context)
    assert media.is_dir()
    return notes_in(file)


def test_the_rehearsal_works_on_the_copy_that_was_backed_up(context: Context) -> None:
    """What is written after it was made is in neither."""
    told = backup.BackupOnline().run(context)
    write(context, "later")
    assert told["rows"] == 1
    assert taken(context) == ["before"]
    assert [path.name for path in context.folder.iterdir()] == ["scratch"]
    (media,) = (context.folder / "scratch" / "media").rglob("photo.jpg")
    assert media.read_bytes() == b"pixels"


@pytest.mark.parametrize("at", ["before the move", "before the copy's folder goes"])
def test_a_step_that_was_killed_behind_its_backup_moves_that_copy(
    context: Context, monkeypatch: pytest.MonkeyPatch, at: str
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
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the copy held is nobody's; the backup holds what is there now."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(backup, "write_backup", killed)
        with pytest.raises(KilledError):
            backup.BackupOnline().run(context)
    write(context, "later")
    assert backup.BackupOnline().run(context)["rows"] == 2
    assert taken(context) == ["before", "later"]


def test_where_the_copy_is_gone_the_rehearsal_makes_its_own(context: Context) -> None:
    """Somebody tidied up: a backup is there all the same."""
    backup.BackupOnline().run(context)
    backup._clear(backup.scratch_of(context))
    backup.BackupOnline().run(context)
    write(context, "later")
    assert taken(context) == ["before", "later"]


def test_taking_it_back_leaves_nothing_but_the_backup(context: Context) -> None:
    """Copies in the clear must not lie about."""
    backup.BackupOnline().run(context)
    backup.BackupOnline().undo(context)
    assert list(context.folder.iterdir()) == []
    assert len(context.installation.vault.list()) == 1
