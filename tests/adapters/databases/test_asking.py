"""What SQLite need not be asked of a row, says nothing of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import event, example, given
from hypothesis import strategies as st

from parom.adapters.databases.asking import asking
from parom.adapters.databases.values import plain, raw, text_or_bytes
from parom.facts import CapturedRow
from parom.replay.changes import Filled, Limit
from parom.replay.deciding import decide
from parom.replay.mapping import Pair, TableMap

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 1, True, False, 0.0, -0.0, 1.0, float("inf"), "", "0", "0.00", "ab", "ü"]),
    st.text(max_size=4),
    st.just("a\0bcdef"),
    st.binary(max_size=3),
)
DEFAULTS = st.one_of(VALUES.map(plain), st.just(2**70))
TYPES = st.sampled_from(["", "INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB"])
MOSTLY = st.sampled_from([True, True, True, False])
ADDED = st.builds(Filled, st.just("x"), MOSTLY, DEFAULTS, MOSTLY.map(lambda one: not one), DEFAULTS)
LIMITS = st.builds(
    Limit,
    st.just("y"),
    st.one_of(st.none(), st.integers(0, 4)),
    st.one_of(st.none(), st.integers(-3, 0)),
    st.one_of(st.none(), st.integers(0, 3)),
)


@given(
    ADDED, LIMITS, TYPES, TYPES, st.one_of(st.just("as given"), VALUES), VALUES,
    st.sampled_from(["insert", "update"]), MOSTLY.map(lambda one: not one), MOSTLY,
)  # fmt: skip
@example(Filled("x", True, 0), Limit("y"), "REAL", "", -0.0, 1, "update", False, True)
@example(Filled("x", True, 0.0), Limit("y"), "REAL", "", -0.0, 1, "update", False, True)
@example(Filled("x", True, "0"), Limit("y"), "NUMERIC", "", 0, 1, "update", False, True)
@example(Filled("x", True, ""), Limit("y", 3), "", "", "", "a\0bcdef", "update", False, True)
def test_of_a_row_that_is_not_read_all_is_carried(
    added: Filled,
    limit: Limit,
    one: str,
    other: str,
    x: object,
    y: object,
    op: str,
    wants: bool,
    null: bool,
) -> None:
    """However a column's type turns a value, and whatever is written where a number goes."""
    x = raw(added.default) if x == "as given" and added.default != 2**70 else x
    found = TableMap(
        "t",
        "t",
        (Pair("id", "id"),),
        (Pair("id", "id"), Pair("y", "y", null)),
        added=(added,),
        wanting=("z",) if wants else (),
        limits=(limit,),
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.text_factory = text_or_bytes
        connection.execute(f"CREATE TABLE s (id INTEGER, x {one}, y {other})")
        connection.execute("INSERT INTO s VALUES (1, ?, ?)", (x, y))
        connection.execute("CREATE TABLE c (op TEXT)")
        connection.execute("INSERT INTO c VALUES (?)", (op,))
        asked = asking(found)
        ((is_asked,),) = connection.execute(f"SELECT {asked.condition} FROM s, c", asked.values)
        ((stored_x, stored_y),) = connection.execute("SELECT x, y FROM s")
    row = {"id": 1, "x": plain(stored_x), "y": plain(stored_y)}
    verdict = decide(CapturedRow("t", op, {"id": 1}, row), found)
    assert is_asked in (0, 1)
    event(f"asked {bool(is_asked)}, {'all' if verdict is None else 'apart'}")
    assert verdict is None or is_asked
