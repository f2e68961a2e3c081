"""What every vault promises: one suite over all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from parom.errors import ParomError
from parom.tree import scan
from tests.adapters.vaults.conftest import NOW, Backups, a_key


def everything(path: Path) -> object:
    return scan(path, lambda _path: False)


def test_what_was_backed_up_comes_back(backups: Backups) -> None:
    """The one thing that a backup is for: names, contents, modes, links, empty folders."""
    backups.make()
    backups.vault.restore("one", backups.key.file, backups.top / "out")
    assert everything(backups.top / "out" / "code" / "tree") == everything(backups.tree())
    restored = backups.top / "out" / "database" / "database.sqlite3"
    assert restored.read_bytes() == b"rows" * 50_000


def test_what_was_restored_stays_for_the_caller(backups: Backups) -> None:
    """The rehearsal works on the media that the verification restored, instead of copying again."""
    seen = []
    backups.make(check=lambda part: seen.append((part, (backups.scratch / part).exists())))
    assert seen == [("code", True), ("database", False)]
    assert everything(backups.scratch / "code" / "tree") == everything(backups.tree())
    backups.make("two", still=())
    restored = backups.scratch / "database" / "database.sqlite3"
    assert restored.read_bytes() == b"rows" * 50_000


def test_what_stands_still_is_compared_where_it_lies(backups: Backups) -> None:
    """A gigabyte that is written only to be looked at costs more than the whole proof."""
    backups.make()
    assert [path.name for path in backups.scratch.iterdir()] == ["code"]


def test_a_manifest_says_what_was_done(backups: Backups) -> None:
    """Lists and reports rest on it."""
    made = backups.make()
    assert made.verified
    assert made.verified_how
    assert [part.name for part in made.parts] == ["code", "database"]
    assert made.parts[1].members == 1
    assert backups.vault.list() == (made,)
    assert backups.vault.verify("one", None) == made
    assert backups.vault.verify("one", backups.key.file) == made


def test_one_part_is_restored_on_its_own(backups: Backups) -> None:
    """R-2.1: who needs one setting back must not unpack the media of ten years."""
    backups.make()
    backups.vault.restore("one", backups.key.file, backups.top / "out", ["database"])
    assert [path.name for path in (backups.top / "out").iterdir()] == ["database"]


def test_a_refused_copy_is_no_backup(backups: Backups) -> None:
    """R-2.3: what did not pass its comparison must not be found in an emergency."""

    def refuse(_part: str) -> None:
        raise ParomError("test.refused", "It differs.", "Look.")

    with pytest.raises(ParomError, match=r"test\.refused"):
        backups.make(check=refuse)
    assert backups.vault.list() == ()
    backups.make()
    assert len(backups.vault.list()) == 1


def test_nothing_is_overwritten_by_a_restore(backups: Backups) -> None:
    """In an emergency people restore into the folder that they have just saved."""
    backups.make()
    (backups.top / "out" / "database").mkdir(parents=True)
    with pytest.raises(ParomError, match=r"vault\.not-empty"):
        backups.vault.restore("one", backups.key.file, backups.top / "out")
    assert not (backups.top / "out" / "code").exists()


def test_a_wrong_identity_opens_nothing(backups: Backups) -> None:
    """And it is said which key would."""
    backups.make()
    other = a_key(backups.top, "other.txt")
    calls: list[Callable[[], object]] = [
        lambda: backups.vault.verify("one", other.file),
        lambda: backups.vault.restore("one", other.file, backups.top / "out"),
    ]
    for call in calls:
        with pytest.raises(ParomError, match=rf"vault\.identity-wrong.*{backups.key.public}"):
            call()
    assert not any((backups.top / "out").rglob("*"))


def test_an_unknown_backup_or_part_is_named(backups: Backups) -> None:
    """With what there is instead."""
    backups.make()
    for name in ("two", "../vault/one", ".", ""):
        with pytest.raises(ParomError, match=r"vault\.unknown-backup.*one"):
            backups.vault.verify(name, None)
    with pytest.raises(ParomError, match=r"vault\.unknown-part.*code, database"):
        backups.vault.restore("one", backups.key.file, backups.top / "out", ["databse"])


def test_retention_takes_the_old_but_never_what_is_kept_nor_the_newest(backups: Backups) -> None:
    """R-2.4: the last known good is kept, and after a year without deployments one backup
    must still be there."""
    for name, days in (("a", 90), ("b", 60), ("c", 45), ("d", 40)):
        backups.make(name, created=NOW - timedelta(days=days))
    assert backups.vault.prune(NOW, frozenset({"b"})) == ("a", "c")
    assert [one.id for one in backups.vault.list()] == ["b", "d"]
    assert backups.vault.prune(NOW, frozenset()) == ("b",)
    assert backups.vault.prune(NOW, frozenset()) == ()
    assert [one.id for one in backups.vault.list()] == ["d"]


def test_progress_ends_at_the_whole(backups: Backups) -> None:
    """A bar that stops at ninety percent looks like a hang."""
    told: list[tuple[int, int]] = []
    backups.make()
    backups.vault.restore(
        "one", backups.key.file, backups.top / "out", progress=lambda *now: told.append(now)
    )
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)
