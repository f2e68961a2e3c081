"""What is not a whole archive counts for nothing, and an archive does nothing but restore."""

from __future__ import annotations

import pytest

from parom.adapters.databases.mariadb.names import prefix_of, scratch_of
from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.mariadb.server import APP


def test_an_archive_that_lost_something_is_damaged(mariadb: Stood) -> None:
    """Its end, a row in the middle, or what it says of itself."""
    database, copy = mariadb.database, mariadb.top / "copy"
    database.copy_online(copy)
    whole = copy.read_bytes()
    row = next(line for line in whole.splitlines(keepends=True) if line.startswith(b"(1,"))
    for broken in (whole[:-40], whole.replace(row, b""), whole.replace(b'{"note": 2}', b"{}")):
        copy.write_bytes(broken)
        with pytest.raises(ParomError, match=r"database\.damaged"):
            database.check_copy(copy)
    assert mariadb.mariadb
    assert mariadb.mariadb.schemas() == {APP}


@pytest.mark.parametrize("smuggled", [b"DROP DATABASE app;\n", b"USE app;\n", b"source /etc/x;\n"])
def test_an_archive_does_nothing_but_restore(mariadb: Stood, smuggled: bytes) -> None:
    """Whoever may write an archive must not reach what is live by it."""
    database, copy = mariadb.database, mariadb.top / "copy"
    database.copy_online(copy)
    copy.write_bytes(copy.read_bytes().replace(b"CREATE TABLE", smuggled + b"CREATE TABLE", 1))
    with pytest.raises(ParomError, match=r"database\.damaged"):
        database.check_copy(copy)
    assert database.exists()


def test_while_it_is_written_others_write(mariadb: Stood) -> None:
    """What it says it holds is what it holds, whatever was written meanwhile."""
    database, copy = mariadb.database, mariadb.top / "copy"
    for number in range(3, 9):
        mariadb.write(number, "a\nb;\n(1,'\\")
    wrote = iter(range(20, 90))
    counts = database.copy_online(copy, lambda *_: mariadb.write(next(wrote), "meanwhile"))
    assert database.check_copy(copy) == counts


def test_a_wrong_password_is_no_reason_to_show_it(mariadb: Stood) -> None:
    """Errors are logged."""
    assert mariadb.mariadb
    wrong = mariadb.mariadb.database(password="canary of a secret")
    with pytest.raises(ParomError, match=r"database\.unreachable") as raised:
        wrong.facts()
    assert "canary" not in raised.value.fact


def test_what_a_killed_proof_left_goes(mariadb: Stood) -> None:
    """It is as large as the production, and nobody else would look for it."""
    assert mariadb.mariadb
    with mariadb.mariadb.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE `{scratch_of(prefix_of(APP), '01ab')}`")
    mariadb.database.end_rehearsal()
    assert mariadb.mariadb.schemas() == {APP}
