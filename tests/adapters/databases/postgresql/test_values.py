"""Every value comes out of the quarantine as it went in."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server

VALUES = [
    ("smallint", "-32768", -32768),
    ("bigint", "9223372036854775807", 9223372036854775807),
    ("boolean", "true", True),
    ("text", "E'\\u00e9\\n\"''\\\\'", "é\n\"'\\"),
    ("char(5)", "'ab'", "ab   "),
    ('"char"', "'x'", "x"),
    ("real", "'1.1'", 1.1),
    ("double precision", "'0.1'", 0.1),
    ("double precision", "'-Infinity'", {"$float": "-inf"}),
    ("double precision", "'NaN'", {"$float": "nan"}),
    (
        "numeric",
        "'123456789012345678901234567890.123456789000'",
        "123456789012345678901234567890.123456789000",
    ),
    ("numeric", "'NaN'", "NaN"),
    ("money", "'1.5'", "$1.50"),
    ("bytea", "'\\x00ff5c'", {"$bytes": base64.b64encode(b"\x00\xff\\").decode()}),
    ("date", "'infinity'", "infinity"),
    ("date", "'0044-03-15 BC'", "0044-03-15 BC"),
    ("timestamptz", "'2026-01-02 03:04:05.678901+05'", "2026-01-01 22:04:05.678901+00"),
    ("timestamptz", "'-infinity'", "-infinity"),
    ("timestamp", "'2026-01-02 03:04:05'", "2026-01-02 03:04:05"),
    ("interval", "'1 mon -3 days 04:05:06.7'", "1 mon -3 days +04:05:06.7"),
    ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("json", """'{"b": 1.10, "a": 1,  "b": null}'""", {"$json": '{"b": 1.10, "a": 1,  "b": null}'}),
    ("jsonb", """'{"n": 12345678901234567890.10}'""", {"$json": '{"n": 12345678901234567890.10}'}),
    ("jsonb", "'null'", {"$json": "null"}),
    ("int[]", "'{{1,NULL},{3,4}}'", "{{1,NULL},{3,4}}"),
    ("int[]", "'[2:3]={5,6}'", "[2:3]={5,6}"),
    ("text[]", """'{"a,b","","NULL",NULL}'""", '{"a,b","","NULL",NULL}'),
    ("bytea[]", """'{"\\\\x00"}'""", '{"\\\\x00"}'),
    ("jsonb[]", """ARRAY['{"a":1}']::jsonb[]""", '{"{\\"a\\": 1}"}'),
    ("int4range", "'[1,5)'", "[1,5)"),
    ("inet", "'10.0.0.1/8'", "10.0.0.1/8"),
    ("bit varying(5)", "'101'", "101"),
    ("tsvector", "'fat cat'", "'cat' 'fat'"),
    ("point", "'(1,2)'", "(1,2)"),
    ("mood", "'so so'", "so so"),
    ("positive", "7", 7),
    ("raw", "'\\x00'", {"$bytes": "AA=="}),
    ("more_raw", "'\\x01'", {"$bytes": "AQ=="}),
    ("loose", "'[1.0]'", {"$json": "[1.0]"}),
    ("pair", "ROW(1, 'a,b')", '(1,"a,b")'),
    ("text", "NULL", None),
]
"""A type, a value as SQL has it, and what the quarantine says."""
OWN_TYPES = """
CREATE TYPE mood AS ENUM ('so so'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN raw AS bytea; CREATE DOMAIN more_raw AS raw; CREATE DOMAIN loose AS jsonb;
CREATE TYPE pair AS (a int, b text);
"""


@pytest.mark.parametrize("is_keyed", [True, False])
def test_every_kind_of_value_is_kept_in_full(
    postgresql: Stood, server: Server, is_keyed: bool
) -> None:
    """As JSON, and so that PostgreSQL takes it back as what it was, whatever the settings of
    the database are."""
    columns = ", ".join(f"c{place} {kind}" for place, (kind, _, _) in enumerate(VALUES))
    names = ", ".join(f"c{place}" for place in range(len(VALUES)))
    server.script(
        f"""{OWN_TYPES};
        CREATE TABLE full_of ({"id int PRIMARY KEY, " if is_keyed else ""}{columns});
        CREATE TABLE again AS TABLE full_of;
        ALTER DATABASE app SET timezone TO 'Asia/Tokyo';
        ALTER DATABASE app SET datestyle TO 'German';
        ALTER DATABASE app SET bytea_output TO 'escape';
        ALTER DATABASE app SET extra_float_digits TO '-5';
        ALTER DATABASE app SET intervalstyle TO 'iso_8601';
        """
    )
    postgresql.database.install_capture("run")
    values = ", ".join(value for _, value, _ in VALUES)
    server.script(f"INSERT INTO full_of VALUES ({'1, ' if is_keyed else ''}{values})")
    (row,) = postgresql.database.captured_rows()
    kept = json.loads(json.dumps(row.row))
    found = {f"{kind} {value}": kept[f"c{n}"] for n, (kind, value, _) in enumerate(VALUES)}
    assert found == {f"{kind} {value}": wanted for kind, value, wanted in VALUES}
    put_back(server, names, kept)
    both = (
        "SELECT count(DISTINCT t::text) FROM (SELECT {0} FROM {1} UNION ALL SELECT {0} FROM {2}) t"
    )
    assert server.ask(both.format(names, "full_of", "again")) == [(1,)]


def put_back(server: Server, names: str, kept: dict[str, Any]) -> None:
    """As somebody does it who reads the quarantine, with the settings that it was written in."""
    given: list[object] = []
    for place in range(len(VALUES)):
        value = kept[f"c{place}"]
        if isinstance(value, dict):
            ((kind, value),) = value.items()
            value = base64.b64decode(value) if kind == "$bytes" else value
        given.append(value)
    with server.connect("app", options="-c timezone=UTC -c datestyle=ISO") as connection:
        casts = ", ".join(
            "%s" if kind in ("bytea", "raw", "more_raw") else f"%s::text::{kind}"
            for kind, _, _ in VALUES
        )
        connection.execute(f"INSERT INTO again ({names}) VALUES ({casts})", given)


def test_letters_are_read_that_a_role_is_set_not_to_see(postgresql: Stood, server: Server) -> None:
    """An old setting for another program: the application says for itself what it reads."""
    server.script("ALTER DATABASE app SET client_encoding = 'LATIN1'")
    postgresql.database.install_capture("run")
    with server.connect("app", client_encoding="UTF8") as connection:
        connection.execute("UPDATE note SET text = 'Паром →' WHERE id = 1")
    (row,) = postgresql.database.captured_rows()
    assert row.row == {"id": 1, "text": "Паром →"}
