"""Which tables a rehearsed migration locks against those who write."""

from __future__ import annotations

from pathlib import Path

from parom.appside.migration_run import MigrationRun, TableLock, told_locks
from parom.facts import Migration
from tests.appside.postgresql import ADD_NOTE, ADD_SIZE, Shop
from tests.appside.project import Project

CREATE = 'migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])'
POINT = 'migrations.AddField("Item", "tag", models.ForeignKey("Tag", models.CASCADE, null=True))'
INDEX = 'models.Index(fields=["title"], name="{}")'


def locks_of(run: MigrationRun, name: str) -> set[tuple[str, str]]:
    assert run.locks is not None
    return {(one.table, one.mode) for one in run.locks if one.migration.name == name}


def test_each_migrations_locks_are_told_with_their_time(shop: Shop) -> None:
    """From the statement that took one to the end of its transaction, nothing less."""
    waiting = "migrations.RunSQL('SELECT pg_sleep(0.3)')"
    update = 'apps.get_model("shop", "Item").objects.update(title="x")'
    shop.add("0002_rows", "migrations.RunPython(fill)", fill=update)
    shop.add("0003_column", ADD_SIZE, waiting, after="0002_rows")
    shop.add("0004_key", CREATE, POINT, after="0003_column")
    shop.add(
        "0005_type", 'migrations.AlterField("Tag", "word", models.TextField())', after="0004_key"
    )
    run = shop.application().migrate(shop.log, note_locks=True)
    assert locks_of(run, "0002_rows") == set()
    assert locks_of(run, "0003_column") == {("shop_item", "ACCESS EXCLUSIVE")}
    assert ("shop_tag", "SHARE ROW EXCLUSIVE") in locks_of(run, "0004_key")
    assert {table for table, _ in locks_of(run, "0004_key")} == {"shop_item", "shop_tag"}
    assert locks_of(run, "0005_type") == {("shop_tag", "ACCESS EXCLUSIVE")}
    assert [one.seconds >= 0.3 for one in run.locks or () if "0003" in one.migration.name] == [True]


def test_outside_of_a_transaction_each_statement_is_looked_at(shop: Shop) -> None:
    """What no transaction takes is unknown; an index beside the writers locks nobody out."""
    shop.second(
        ADD_NOTE,
        f'migrations.AddIndex("Item", {INDEX.format("one")})',
        f'AddIndexConcurrently("Item", {INDEX.format("two")})',
        "migrations.RunSQL('VACUUM shop_item')",
        atomic=False,
    )
    run = shop.application().migrate(shop.log, note_locks=True)
    found = [(one.table, one.mode) for one in run.locks or ()]
    assert found == [("shop_tag", "ACCESS EXCLUSIVE"), ("shop_item", "SHARE"), ("", "")]
    assert "note" in shop.columns("shop_tag")


def test_nothing_is_told_where_nobody_looked(project: Project, tmp_path: Path) -> None:
    """SQLite locks the whole file; no entry must not read as no lock."""
    run = project.application().migrate(tmp_path / "migrate.log", note_locks=True)
    assert run.locks is None
    assert told_locks(run) == {}


def test_a_lock_is_told_as_plain_data() -> None:
    lock = TableLock(Migration("shop", "0002"), "shop_item", "SHARE", 0.12345)
    told = told_locks(MigrationRun(1.0, (), locks=(lock,)))
    assert told == {
        "locks": [
            {"migration": "shop.0002", "table": "shop_item", "mode": "SHARE", "seconds": 0.123}
        ]
    }
