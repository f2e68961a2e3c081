"""A snapshot is the same once more, and a swap happens as a whole or not at all."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pymysql
import pytest

from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.mariadb.server import APP, ROLE, Server
from tests.support.waiting import wait_until

_RICH = (
    "ALTER DATABASE app CHARACTER SET latin1 COLLATE latin1_german1_ci",
    "CREATE TABLE child (id int AUTO_INCREMENT PRIMARY KEY, note_id bigint NOT NULL,"
    " up int, twice int AS (id_in * 2) STORED, id_in int, at datetime(6),"
    " stamp timestamp(3) NULL, raw varbinary(9),"
    " CONSTRAINT to_note FOREIGN KEY (note_id) REFERENCES note (id) ON DELETE CASCADE,"
    " CONSTRAINT to_self FOREIGN KEY (up) REFERENCES child (id),"
    " CONSTRAINT small CHECK (id_in < 100), UNIQUE KEY (id_in), FULLTEXT KEY (words),"
    " words text COMMENT 'a;\\nb') AUTO_INCREMENT=40 COMMENT='it''s'",
    "INSERT INTO child (note_id, id_in, at, stamp, raw, words) VALUES"
    " (1, 7, '2026-01-02 03:04:05.678901', '2026-03-29 02:30:00.125', x'00ff27', 'ä;\\n(1')",
    "CREATE TABLE `odd name` (a varchar(9) COLLATE utf8mb4_bin PRIMARY KEY) PARTITION BY KEY ()"
    " PARTITIONS 2",
    "INSERT INTO `odd name` VALUES ('a'), ('A')",
)
_AS_ROLE = {"user": ROLE}
_BUSY = """
import sys, pymysql
told = sys.stdin.readline().split()
one = pymysql.connect(host="127.0.0.1", port=int(told[0]), user=told[1], database=told[2],
                      password=sys.stdin.readline()[:-1])
one.cursor().execute("UPDATE note SET text = 'not committed'")
print("busy", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def _at_work(server: Server) -> Iterator[None]:
    """Another process in the middle of a transaction."""
    process = subprocess.Popen(
        [sys.executable, "-c", _BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{server.port} {ROLE} {APP}\n{server.password}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "busy\n"
        yield
    finally:
        process.kill()
        process.communicate()


def _described(server: Server, schema: str) -> list[object]:
    """All that makes a table, and what is in it."""
    names = [name for (name,) in server.ask(f"SHOW TABLES FROM `{schema}`") if "parom" not in name]
    return [
        *(server.ask(f"SHOW CREATE TABLE `{schema}`.`{name}`") for name in names),
        *(sorted(map(repr, server.ask(f"SELECT * FROM `{schema}`.`{name}`"))) for name in names),
        server.ask(
            "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = %s",
            schema,
        ),
    ]


def _rich(stood: Stood) -> Server:
    assert stood.mariadb
    for statement in _RICH:
        stood.mariadb.ask(statement)
    return stood.mariadb


def test_everything_comes_along_there_and_back(mariadb: Stood) -> None:
    """Keys, foreign keys, counters, generated columns, collations, partitions, comments."""
    server, database = _rich(mariadb), mariadb.database
    before = _described(server, APP)
    database.make_ready()
    place = database.snapshot("run").location
    assert _described(server, place) == before
    server.ask("DROP TABLE child")
    server.ask("ALTER TABLE note ADD COLUMN more int")
    server.ask("ALTER DATABASE app CHARACTER SET utf8mb4")
    database.swap_in("run")
    assert _described(server, APP) == before
    with pytest.raises(pymysql.err.IntegrityError):
        server.ask("INSERT INTO child (note_id, id_in) VALUES (99, 1)")


def test_an_archive_gives_back_exactly_what_was_there(mariadb: Stood) -> None:
    """The restored one is compared in everything that the server says of it."""
    server, database = _rich(mariadb), mariadb.database
    before, copy = _described(server, APP), mariadb.top / "copy"
    counts = database.copy_online(copy)
    assert {one.table: one.rows for one in counts} == {"child": 1, "note": 2, "odd name": 2}
    server.ask(f"DROP DATABASE {APP}", name=None)
    database.put_back(copy)
    assert _described(server, APP) == before


def test_what_hangs_on_tables_goes_with_its_release(mariadb: Stood) -> None:
    """A release that made a view or a trigger can be taken back, and that undone; the capture's
    notes and triggers are there again too."""
    server, database = mariadb.mariadb, mariadb.database
    assert server
    database.make_ready()
    database.snapshot("run")
    database.install_capture("run")
    # As the application itself: what others own, an ordinary role cannot make anew.
    for statement in (
        "CREATE VIEW short AS SELECT id FROM note",
        "CREATE TRIGGER hook BEFORE INSERT ON note FOR EACH ROW SET NEW.text = upper(NEW.text)",
    ):
        with server.connect(APP, **_AS_ROLE, password=server.password) as own:
            own.cursor().execute(statement)
    mariadb.write(3, "three")
    there = (server.ask("SHOW CREATE VIEW short"), server.ask("SHOW CREATE TRIGGER hook"))
    database.swap_in("run")
    assert server.ask("SHOW FULL TABLES WHERE table_type = 'VIEW'") == []
    assert server.ask("SHOW TRIGGERS") == []
    database.swap_back("run")
    back = (server.ask("SHOW CREATE VIEW short"), server.ask("SHOW CREATE TRIGGER hook"))
    assert [row[0][:3] for row in back] == [row[0][:3] for row in there]
    mariadb.write(4, "four")
    assert [row.row for row in database.captured_rows()] == [
        {"id": 3, "text": "THREE"},
        {"id": 4, "text": "FOUR"},
    ]


def test_a_swap_that_died_half_way_is_undone_whole(
    mariadb: Stood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the triggers and the tables: whatever comes next, writes are noted again."""
    database = mariadb.database
    database.make_ready()
    database.snapshot("run")
    database.install_capture("run")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("parom.adapters.databases.mariadb.catalogue.Catalogue.make_empty", dies)
        with pytest.raises(KeyboardInterrupt):
            database.swap_in("run")
    assert database.capture_gaps() == ("note",)
    database.swap_back("run")
    assert database.capture_gaps() == ()
    mariadb.write(3, "three")
    assert [row.key for row in database.captured_rows()] == [{"id": 3}]


def test_who_is_at_work_is_named_and_on_the_way_back_ended(mariadb: Stood) -> None:
    """Of a database in which somebody writes there is no one state; what he had not committed
    when the release is taken back, nobody was told of."""
    server, database = mariadb.mariadb, mariadb.database
    assert server
    database.make_ready()
    with _at_work(server):
        with pytest.raises(ParomError, match=rf"database\.held.*{ROLE}"):
            database.snapshot("run")
        assert database.find_snapshot("run") is None
    wait_until(lambda: not database.holders(frozenset()), "its leaving")
    database.snapshot("run")
    with _at_work(server):
        assert [one.name for one in database.holders(frozenset())] == [ROLE]
        database.swap_in("run")
        assert database.holders(frozenset()) == ()
    assert mariadb.notes() == {1: "one", 2: "two"}


@pytest.mark.long
def test_a_server_that_is_killed_has_one_of_the_two(mariadb_server: Server) -> None:
    """In the middle of a RENAME of many tables: all of the old release, or all of the newer."""
    server = mariadb_server
    try:
        server.make_app(*(f"CREATE TABLE t{n} (id int PRIMARY KEY)" for n in range(30)))
        database = server.database()
        database.make_ready()
        database.snapshot("run")
        server.ask("ALTER TABLE t0 ADD COLUMN newer int")
        before = database.live_id()
        for round_ in range(2):
            wanted = "run" if round_ % 2 == 0 else before
            raised = list[BaseException]()

            def swap(wanted: str = wanted, raised: list[BaseException] = raised) -> None:
                try:
                    server.database().swap_in(wanted)
                except ParomError as problem:
                    raised.append(problem)

            swapping = threading.Thread(target=swap)
            swapping.start()
            wait_until(_renaming(server, swapping), "the swap")
            server.kill()
            swapping.join()
            server.start()
            names = {name for (name,) in server.ask("SHOW TABLES")}
            assert {f"t{n}" for n in range(30)} | {"parom_version"} == names
            is_newer = len(server.ask("SHOW COLUMNS FROM t0")) == 2
            assert database.live_id() == (before if is_newer else "run")
            database.swap_in(wanted)
            assert database.live_id() == wanted
    finally:
        server.forget()


def _renaming(server: Server, swapping: threading.Thread) -> Callable[[], bool]:
    """Whether the server is at it, or it is over."""

    def found() -> bool:
        with contextlib.suppress(pymysql.Error):
            listed = server.ask("SHOW PROCESSLIST", name=None)
            return not swapping.is_alive() or any("RENAME TABLE" in str(row[7]) for row in listed)
        return True

    return found
