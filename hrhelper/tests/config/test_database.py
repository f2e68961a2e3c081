"""The database's address becomes Django's settings, and its password nothing else."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import database


def test_address_is_taken_apart():
    """Also where a password holds what an address uses for itself."""
    made = database("postgresql://hr:p%40ss%2Fword@db.example:5433/hr_helper?sslmode=require", "x")
    assert made["ENGINE"] == "django.db.backends.postgresql"
    assert (made["USER"], made["PASSWORD"]) == ("hr", "p@ss/word")
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.example", "5433", "hr_helper")
    assert made["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}


def test_without_an_address_it_is_the_file():
    """The small installation needs to be told nothing."""
    assert database("", "db.sqlite3")["NAME"] == "db.sqlite3"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://hr:canary@host/name",
        "postgresql://hr:canary@host",
        "postgresql://hr:canary@host:port/name",
        "postgresql://hr:canary@[host/name",
    ],
)
def test_wrong_address_is_refused_without_its_password(url):
    """The error is printed by whatever starts the application."""
    with pytest.raises(ImproperlyConfigured) as caught:
        database(url, "")
    assert "canary" not in str(caught.value)
    assert "HRHELPER_DATABASE_URL" in str(caught.value)
