"""A migration on PostgreSQL does not queue behind a stranger with all visitors behind it."""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parom.appside.application import INSIDE, Application
from parom.appside.migration_run import MigrationRun, told_retries
from parom.errors import ParomError
from tests.appside.postgresql import ADD_NOTE, ADD_SIZE, SECOND, Shop
from tests.support.waiting import PATIENCE_S

READING = "SELECT 'canary' FROM shop_item"
"""A stranger who only reads is in the way of whoever alters the table."""
WRITING = "UPDATE shop_item SET title = 'canary'"


def migrated(
    application: Application, log: Path, meanwhile: Callable[[], object] = lambda: None
) -> MigrationRun:
    """`meanwhile` is called again and again while the migration runs."""
    end = time.monotonic() + PATIENCE_S

    def asked() -> str:
        meanwhile()
        return "the test" if time.monotonic() > end else ""

    with application.migrator(log.with_suffix(".process"), log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        return migrator.go(give_up=asked)


def test_it_is_tried_again_until_the_stranger_lets_go(shop: Shop) -> None:
    """Nobody has to deploy anew because of one long report; each try begins anew."""
    shop.second('migrations.RenameField("Tag", "word", "term")', ADD_SIZE)
    with shop.stranger(READING) as stranger:

        def let_go() -> None:
            if "a lock was not available" in shop.log.read_text():
                stranger.rollback()

        run = migrated(shop.application(0.2, *[0.1] * 500), shop.log, let_go)
    ((migration, times),) = run.retried
    assert migration == SECOND
    assert times >= 1
    assert [one for one, _ in run.applied] == [SECOND]
    assert "size" in shop.columns("shop_item")
    assert told_retries(run) == {"retried": [{"migration": "shop.0002_second", "times": times}]}


def test_who_never_lets_go_is_named_and_nothing_is_left_of_the_migration(shop: Shop) -> None:
    """Whoever deploys must know whom to ask; what the stranger does may hold data."""
    shop.second(ADD_NOTE, ADD_SIZE)
    with shop.stranger(READING) as stranger:
        pid = stranger.info.backend_pid
        with pytest.raises(ParomError) as caught:
            migrated(shop.application(1.0, 0.1), shop.log)
    assert caught.value.id == "application.lock-not-available"
    assert caught.value.can_retry
    told = "Migration shop.0002_second did not get a lock (tries: 2, each of up to 1 s)."
    assert caught.value.fact.startswith(told)
    assert f"session {pid} of postgres (stranger), in a transaction since 2" in caught.value.fact
    assert "canary" not in caught.value.fact + shop.log.read_text()
    assert "note" not in shop.columns("shop_tag")


OWN_COMMIT = "migrations.RunSQL('ALTER TABLE shop_tag ADD note text; COMMIT')"
OWN_TRANSACTION = "migrations.RunPython(fill, atomic=True)"


@pytest.mark.parametrize(
    ("first", "second", "atomic"),
    [(ADD_NOTE, ADD_SIZE, False), (ADD_NOTE, OWN_TRANSACTION, False), (OWN_COMMIT, ADD_SIZE, True)],
    ids=["atomic = False", "atomic in a part", "commits by itself"],
)
def test_what_may_be_half_done_is_not_tried_again(
    shop: Shop, first: str, second: str, atomic: bool
) -> None:
    """Its first half would be done twice."""
    shop.second(first, second, atomic=atomic, fill='editor.execute("LOCK TABLE shop_item")')
    with shop.stranger(READING), pytest.raises(ParomError) as caught:
        migrated(shop.application(0.2, 0.1), shop.log)
    assert caught.value.id == "application.lock-not-available"
    assert "not again, for a part may be done" in caught.value.fact
    assert "note" in shop.columns("shop_tag")
    assert "a lock was not available" not in shop.log.read_text()


def test_an_index_made_beside_the_writers_waits_for_those_who_were_there(shop: Shop) -> None:
    """The timeout would leave half an index behind, and nobody waits behind this one."""
    index = 'models.Index(fields=["title"], name="by_title")'
    shop.second(f'AddIndexConcurrently("Item", {index})', atomic=False)
    waiting = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND query_start < clock_timestamp() - interval '1 s'"
    )
    with shop.stranger(WRITING) as stranger:

        def let_go() -> None:
            if shop.server.admin.execute(waiting).fetchall():
                stranger.rollback()

        run = migrated(shop.application(0.2, PATIENCE_S), shop.log, let_go)
    assert [one for one, _ in run.applied] == [SECOND]
    asking = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_title'::regclass"
    assert shop.server.ask(asking) == [(True,)]


def test_what_ends_a_visitors_long_statement_does_not_end_a_migration(shop: Shop) -> None:
    """Its role's limits were made for requests."""
    shop.server.admin.execute("ALTER DATABASE app SET statement_timeout = '100ms'")
    shop.server.admin.execute("ALTER DATABASE app SET idle_in_transaction_session_timeout = '1ms'")
    shop.second(
        "migrations.RunSQL('SELECT pg_sleep(0.3)')",
        "migrations.RunPython(fill)",
        ADD_SIZE,
        fill="import time; time.sleep(0.1)",
    )
    shop.application().migrate(shop.log)
    assert "size" in shop.columns("shop_item")


@pytest.mark.parametrize("name", ["sqlstate", "pgcode"])
def test_the_code_is_found_below_djangos_own_error(name: str) -> None:
    """psycopg 3 and psycopg2 call it differently."""
    code_of: Any = runpy.run_path(str(INSIDE.with_name("postgresql_session.py")))["code_of"]
    drivers, djangos = OSError("driver"), RuntimeError("django")
    vars(drivers)[name] = "55P03"
    djangos.__cause__ = drivers
    assert code_of(djangos) == "55P03"
    assert code_of(RuntimeError("another")) == ""
