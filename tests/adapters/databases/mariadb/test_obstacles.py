"""What cannot be right is refused before anything is stopped."""

from __future__ import annotations

import pytest

from parom.adapters.databases.mariadb.opening import Session
from parom.adapters.databases.mariadb.programs import Programs
from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.mariadb.server import ROLE

_UNMOVABLE = {
    "trigger hook": "CREATE TRIGGER hook BEFORE INSERT ON note FOR EACH ROW SET NEW.text = 'x'",
    "view short": "CREATE VIEW short AS SELECT id FROM note",
    "function one": "CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1",
    "procedure two": "CREATE PROCEDURE two() SELECT 1",
    "event daily": "CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DO DELETE FROM note",
    "sequence ids": "CREATE SEQUENCE ids",
    "system versioned kept": "CREATE TABLE kept (id int PRIMARY KEY) WITH SYSTEM VERSIONING",
    "table of myisam loose": "CREATE TABLE loose (id int) ENGINE=MyISAM",
    "column of the type float rough.at": "CREATE TABLE rough (at float)",
}


def test_what_cannot_move_is_named(mariadb: Stood) -> None:
    """All of it at once: each is refused, by name, also when the snapshot is to be taken."""
    assert mariadb.mariadb
    for statement in _UNMOVABLE.values():
        mariadb.mariadb.ask(statement)
    (found,) = mariadb.database.obstacles()
    assert found.id == "database.not-movable"
    assert [name for name in _UNMOVABLE if name not in found.fact] == []
    for refused in (
        lambda: mariadb.database.prepare_snapshot("run"),
        lambda: mariadb.database.snapshot("run"),
        lambda: mariadb.database.copy_online(mariadb.top / "copy"),
    ):
        with pytest.raises(ParomError, match=r"database\.not-movable"):
            refused()
    assert mariadb.database.find_snapshot("run") is None


def test_a_foreign_key_to_another_schema_is_named(mariadb: Stood) -> None:
    """After a swap it would lead to the rows of the other release."""
    server = mariadb.mariadb
    assert server
    server.ask("CREATE DATABASE app_other", name=None)
    server.ask("CREATE TABLE app_other.o (id bigint PRIMARY KEY)")
    server.ask("CREATE TABLE r (id bigint, FOREIGN KEY (id) REFERENCES app_other.o (id))")
    (found,) = mariadb.database.obstacles()
    assert found.id == "database.not-movable"
    assert "app.r_ibfk_1" in found.fact


def test_a_role_without_the_right_is_told_the_statement(mariadb: Stood) -> None:
    """Without it there is no snapshot; nothing of the attempt stays."""
    server = mariadb.mariadb
    assert server
    server.ask(rf"REVOKE ALL ON `app\_\_parom\_%`.* FROM {ROLE}@'127.0.0.1'")
    server.ask(f"REVOKE TRIGGER, LOCK TABLES ON app.* FROM {ROLE}@'127.0.0.1'")
    found = mariadb.database.obstacles()
    assert [one.id for one in found] == ["database.rights"] * 2
    assert r"GRANT LOCK TABLES, TRIGGER ON `app`.* TO 'app_user'@'127.0.0.1'" in found[0].cure
    assert r"GRANT ALL ON `app\_\_parom\_%`.* TO 'app_user'@'127.0.0.1'" in found[1].cure
    assert server.schemas() == {"app"}


def test_only_the_program_of_mariadb_counts(mariadb: Stood) -> None:
    """MySQL's mysqldump writes rows that could not be counted."""
    database = mariadb.mariadb
    assert database
    program = mariadb.top / "mysqldump"
    program.write_text("#!/bin/sh\necho 'mysqldump  Ver 8.0.41 for Linux on x86_64'\n")
    program.chmod(0o755)
    with pytest.raises(ParomError, match=r"database\.no-program"):
        Programs(mariadb.top).dump()


def test_another_kind_of_server_is_refused(mariadb: Stood, monkeypatch: pytest.MonkeyPatch) -> None:
    """MySQL speaks the same protocol; before 10.6 a RENAME that is cut off is half done; a replica
    fires no triggers. Answers are a stand-in's: such servers are not here."""
    told = {"SELECT @@lower_case_table_names": 0, "SELECT @@wsrep_on": 0}
    for answers, wanted in (
        ({"SELECT version()": "8.0.41"}, "database.other-server"),
        ({"SELECT version()": "10.5.29-MariaDB-log"}, "database.too-old"),
        ({"SELECT @@lower_case_table_names": 1}, "database.letter-case"),
        ({"SELECT @@wsrep_on": 1}, "database.cluster"),
        ({"SELECT @@global.read_only": 1}, "database.read-only"),
    ):
        asked = {"SELECT version()": "11.4.5-MariaDB", **told, **answers}
        with monkeypatch.context() as patched:
            patched.setattr(
                Session, "one", lambda _, told, *_values, asked=asked: asked.get(told, "")
            )
            (found,) = mariadb.database.obstacles()
        assert found.id == wanted


def test_a_server_that_is_read_only_is_refused_before_the_stop(mariadb: Stood) -> None:
    """Asked of the server itself."""
    assert mariadb.mariadb
    mariadb.mariadb.ask("SET GLOBAL read_only = 1")
    try:
        assert [one.id for one in mariadb.database.obstacles()] == ["database.read-only"]
        with pytest.raises(ParomError, match=r"database\.read-only"):
            mariadb.database.make_ready()
    finally:
        mariadb.mariadb.ask("SET GLOBAL read_only = 0")
