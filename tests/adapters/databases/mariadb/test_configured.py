"""An address means what the application takes it for, or is refused."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from pydantic import ValidationError

from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.configured import access_of, parted
from parom.adapters.databases.mariadb.database import MariaDBDatabase
from parom.config.database import DatabaseTable
from parom.config.model import Config
from parom.errors import ParomError
from parom.facts import DatabaseSettings


def test_an_address_is_taken_apart() -> None:
    """As django-environ and dj-database-url do."""
    found = parted("DATABASE_URL", "mysql://no%40tes:p%2Fw@db.example:3307/notes?conn_max_age=60")
    assert found == Access("notes", "db.example", 3307, "no@tes", "p/w")
    assert parted("DATABASE_URL", "mariadb://u:p@h/notes").port == 3306


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:canary@h/notes",
        "mysql://u:canary@h:x/notes",
        "mysql://u:canary@h/",
        "mysql://u:canary@h/notes?ssl_ca=/etc/ca.pem",
        "mysql://u:canary@h/notes?unix_socket=/run/s",
    ],
)
def test_what_cannot_be_meant_is_refused(address: str) -> None:
    """A certificate that nobody looks at would be worse than none; the address is never told."""
    with pytest.raises(ParomError, match=r"database\.no-address") as raised:
        parted("DATABASE_URL", address)
    assert "canary" not in raised.value.fact


def test_settings_must_name_the_same_one(tmp_path: Path) -> None:
    """Another engine, name, host or port is another database."""
    database = MariaDBDatabase(Access("notes", "127.0.0.1"))
    engine = "django.db.backends.mysql"
    for named, same in (
        (DatabaseSettings(engine, "notes", "localhost", ""), True),
        (DatabaseSettings(engine, "notes", "127.0.0.1", "3306"), True),
        (DatabaseSettings(engine, "other", "127.0.0.1", "3306"), False),
        (DatabaseSettings(engine, "notes", "db", "3306"), False),
        (DatabaseSettings(engine, "notes", "127.0.0.1", "3307"), False),
        (DatabaseSettings("django.db.backends.postgresql", "notes"), False),
    ):
        assert database.is_named_by(named, tmp_path) is same


def test_a_table_means_mariadb_s_own_port_and_no_parameters_of_libpq(tmp_path: Path) -> None:
    """Keys that would be passed over in silence are refused."""
    table = DatabaseTable(type="mariadb", name="notes", user="u", password_file="secret")
    (tmp_path / "secret").write_text("p w\n", encoding="utf-8")
    config = SimpleNamespace(database=table, project=SimpleNamespace(root=tmp_path))
    assert access_of(cast(Config, config)) == Access("notes", "127.0.0.1", 3306, "u", "p w")
    for wrong in ({"options": {"sslmode": "require"}}, {"maintenance": "x"}, {"path": "db"}):
        with pytest.raises(ValidationError):
            DatabaseTable.model_validate({"type": "mariadb", "name": "notes", **wrong})
