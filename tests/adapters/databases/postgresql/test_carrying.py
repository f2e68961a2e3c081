"""What users wrote comes along on a copy of the snapshot, by a role that is no superuser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.adapters.databases.postgresql.carried_cases import CASES, CHANGES, Case
from tests.adapters.databases.postgresql.returned import Returned, returned
from tests.adapters.databases.postgresql.server import APP, Server


@pytest.fixture(scope="module")
def done(server: Server) -> Iterator[Returned]:
    """All cases at once: they have nothing to do with each other."""
    try:
        yield returned(
            server,
            ";".join(case.before for case in CASES),
            ";".join(case.migration for case in CASES if case.migration),
            ";".join(case.written for case in CASES),
            CHANGES,
        )
    finally:
        server.forget()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_row_comes_along_or_is_apart_for_its_reason(done: Returned, case: Case) -> None:
    """R-7.4: a row is kept as it was, or the snapshot's is in its place."""
    assert {table: done.rows(table) for table in case.rows} == case.rows
    named = {f"{name} {key}" for name, key in (one.split(" ", 1) for one in case.apart)}
    assert {one: done.why.get(one) for one in named} == case.apart
    unforeseen = [
        one for one in done.why if one.split(" ")[0] in case.rows and one not in case.apart
    ]
    assert unforeseen == []


def test_every_kind_of_value_is_carried_as_it_is(done: Returned) -> None:
    """None of them went through Python as anything but the server's own text."""
    carried = done.rows("t11")
    with done.live(done.newer):
        assert carried == done.rows("t11") != ""


def test_the_schema_is_the_snapshots_to_the_word(done: Returned) -> None:
    """Triggers, rules and foreign keys were put aside meanwhile, each in its own state."""
    carried = dumped(done.server)
    with done.live("snap"):
        assert carried == dumped(done.server)
    assert "ENABLE ALWAYS TRIGGER always" in carried
    assert "DISABLE TRIGGER never" in carried
    assert "ENABLE REPLICA RULE also" in carried


def dumped(server: Server) -> str:
    argv = [str(server.programs / "pg_dump"), "-s", "-h", "127.0.0.1"]
    more = ["-p", str(server.port), "-U", "postgres", APP]
    ran = subprocess.run(
        argv + more, env={"PGPASSWORD": server.password}, capture_output=True, text=True, check=True
    )
    # Newer ones put a key of their own, made up each time, around what they say.
    lines = ran.stdout.splitlines()
    return "\n".join(one for one in lines if not one.startswith(("\\restrict", "\\unrestrict")))


def test_numbers_go_on_where_the_newer_database_stopped(done: Returned) -> None:
    """Rows that come with their ids do not move a sequence; `keep_ids` does."""
    with done.live(done.newer):
        assert done.database.keep_ids("carried")["t7"] == 2
    assert done.server.ask("INSERT INTO t7 (v) VALUES (1) RETURNING id") == [(3,)]
    done.server.ask("DELETE FROM t7 WHERE id = 3")
