"""R-10.3: secrets appear in no error."""

from __future__ import annotations

import pytest

from parom.appside.masked import without_secrets

ENVIRONMENT = {
    "SECRET_KEY": "abcdef-and-more",
    "API_TOKEN": "abcdef",
    "DB_PASSWORD": "hush-hush",
    "AUTH_ENABLED": "true",
    "DATABASE_PATH": "/srv/db.sqlite3",
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bad key abcdef-and-more", "bad key ***"),
        ("abcdef, hush-hush", "***, ***"),
        ("redis://me:pw@host/0 failed", "redis://***@host/0 failed"),
        ("no /srv/db.sqlite3: is it true?", "no /srv/db.sqlite3: is it true?"),
    ],
)
def test_values_of_telling_names_are_masked(text: str, shown: str) -> None:
    """Paths and flags stay readable: they are what the reader needs."""
    assert without_secrets(text, ENVIRONMENT) == shown
