"""R-10.3: secrets appear in no error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parom.appside.masked import error_without_secrets, without_secrets
from parom.errors import ParomError
from parom.words.language import Language, Words
from parom.words.said import in_words, recorded, said

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


@pytest.mark.parametrize(
    ("why", "russian"),
    [
        ("it says hush-hush", "база: it says ***"),
        (said("the database: {why}", why="hush-hush"), "база: база: ***"),
        (said("{first}-{second}", first="hush", second="hush"), "the database: ***"),
    ],
)
def test_what_an_error_was_made_of_is_masked_too(why: str, russian: str, tmp_path: Path) -> None:
    """It is kept beside the text. Where a secret lay across two values the text alone is."""
    settings = tmp_path / ".env"
    settings.write_text("DB_PASSWORD=hush-hush\n", "utf-8")
    problem = ParomError("some.id", said("the database: {why}", why=why), "Look.")
    kept = error_without_secrets(problem.as_record(), settings)
    assert "hush" not in json.dumps(kept)
    assert in_words(recorded(kept, "fact"), Words(Language.RUSSIAN)) == russian
