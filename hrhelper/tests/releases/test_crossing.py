"""The migrations between the releases keep every value, there and back."""

import sqlite3
from decimal import Decimal

import pytest

from logic.base.money import midpoint

ODD_CENTS = [("0.01", "0.02"), ("0.01", "0.01"), ("1000.00", "1501.00"), ("19.99", "20.00"),
             ("0.00", "9999999999.99"), ("333.33", "666.68")]  # fmt: skip


@pytest.fixture
def production(database):
    """The database of r1 with rows of everything; some amounts have odd cents."""
    path = database("r1")
    with sqlite3.connect(path) as connection:
        for number, (low, high) in enumerate(ODD_CENTS, start=1):
            connection.execute(
                "UPDATE finance_salaryrange SET min_usd = ?, max_usd = ? WHERE id = ?",
                (low, high, number),
            )
        connection.execute("UPDATE finance_benchmark SET city = 'city ' || id WHERE id % 3")
        connection.execute("UPDATE finance_benchmark SET hh_vacancy_id = 'hh' || id WHERE id % 2")
    connection.close()
    return path


def rows(path):
    """Every row of every table but the record of migrations: {table: [{column: value}]}."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        )
        found = {
            table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')]  # noqa: S608
            for (table,) in tables.fetchall()
        }
    connection.close()
    return found


def indexes(path):
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
    connection.close()
    return {name for (name,) in found}


def test_r2_keeps_every_value_and_adds_its_own(release_on, production):
    """A new table, a filled column, a renamed column, an index; all else is as it was."""
    before, had = rows(production), indexes(production)
    release_on("r2").manage("migrate", "-v0")
    after = rows(production)

    assert after.pop("finance_salaryamount") == []
    assert "benchmark_kind" in indexes(production) - had
    assert sum(len(one) for one in before.values()) > 300
    for row in before["finance_benchmark"]:
        row["location"] = row.pop("city")
    for row in before["finance_salaryrange"]:
        exact = midpoint(*(Decimal(str(row[name])) for name in ("min_usd", "max_usd")))
        row["midpoint_usd"] = float(exact)
    assert after == before


def test_way_back_from_r2_gives_the_old_database(release_on, production):
    """Row by row, and with the same tables, columns and indexes."""
    before, had = rows(production), indexes(production)
    second = release_on("r2")
    second.manage("migrate", "-v0")
    second.manage("migrate", "-v0", "finance", "0002")
    assert rows(production) == before
    assert {one for one in indexes(production) if not one.startswith("sqlite_")} == {
        one for one in had if not one.startswith("sqlite_")
    }


def test_r3_keeps_every_value_and_goes_back(release_on, production):
    """Its migration is good; what is bad about r3 is elsewhere."""
    release_on("r2").manage("migrate", "-v0")
    before = rows(production)
    third = release_on("r3")
    third.manage("migrate", "-v0")
    after = rows(production)
    assert {row.pop("origin") for row in after["finance_benchmark"]} == {""}
    assert after == before
    third.manage("migrate", "-v0", "finance", "0003")
    assert rows(production) == before
