"""R-10.3: secrets appear in no error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parom.appside.masked import (
    error_without_secrets,
    record_without,
    without,
    without_secrets,
)
from parom.errors import ParomError
from parom.words.language import Language, Words
from parom.words.said import Said, in_words, recorded, recorded_all, said, with_parts

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


def test_what_a_record_quotes_is_masked_and_what_programs_read_is_not() -> None:
    """A password may be any word; a record's own must still be understood."""
    kept = record_without(
        {
            "level": "warning",
            "detail": "it says warning",
            "criteria": {"success": [{"outcome": "warning", "fact": "warning: warning"}]},
            "missing": ["warning, and", "nothing"],
        },
        ("warning",),
    )
    assert kept == {
        "level": "warning",
        "detail": "it says ***",
        "criteria": {"success": [{"outcome": "warning", "fact": "***: ***"}]},
        "missing": ["***, and", "nothing"],
    }


def test_what_a_list_of_texts_was_made_of_is_masked_too() -> None:
    """Each by itself: those that hold no secret can still be said in Russian."""
    texts = [said("{what} is missing", what="hush-hush"), said("nothing runs"), "plain"]
    across = said("{first}-{second}", first="hush", second="hush")
    kept = record_without(with_parts({"missing": texts, "fact": across}), ("hush-hush",))
    assert "hush" not in json.dumps(kept)
    assert recorded_all(kept, "missing") == ("*** is missing", "nothing runs", "plain")
    assert isinstance(recorded_all(kept, "missing")[1], Said)
    assert kept["fact"] == "***"


def test_a_text_without_a_secret_keeps_what_it_was_made_from() -> None:
    text = said("nothing runs")
    assert without(text, ("hush-hush",)) is text
