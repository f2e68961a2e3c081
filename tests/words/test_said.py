"""A text in English from which another language can be made, also years later."""

from __future__ import annotations

import json

import pytest

from parom.errors import ParomError
from parom.words.language import ENGLISH, Language, Words
from parom.words.said import in_words, of_parts, parts_of, recorded, said, without_parts

RUSSIAN = Words(Language.RUSSIAN)
WHY = said("swapped in")
TEXT = said("the database: {why}", why=WHY)


def test_it_is_its_english_text() -> None:
    """Whoever knows nothing of languages prints, cuts and compares it as ever."""
    assert TEXT == "the database: swapped in"
    assert in_words(TEXT, ENGLISH) == str(TEXT)
    assert json.dumps(TEXT) == '"the database: swapped in"'


def test_what_stands_in_it_is_translated_too() -> None:
    assert in_words(TEXT, RUSSIAN) == "база: возвращена на место"
    assert in_words("the database", RUSSIAN) == "the database"


def test_a_brace_in_a_value_means_nothing() -> None:
    """Values are paths and other programs' words."""
    assert said("the database: {why}", why="{x}") == "the database: {x}"
    assert in_words(said("the database: {why}", why="{x}"), RUSSIAN) == "база: {x}"


def test_an_error_in_the_journal_can_be_read_in_another_language() -> None:
    problem = ParomError("some.id", TEXT, "plain")
    record = json.loads(json.dumps(problem.as_record()))
    assert in_words(recorded(record, "fact"), RUSSIAN) == "база: возвращена на место"
    assert in_words(recorded(record, "cure"), RUSSIAN) == "plain"
    assert of_parts(parts_of(TEXT)).values == TEXT.values


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"said": {}},
        {"said": {"fact": "text"}},
        {"said": {"fact": {"template": "the database: {why}", "values": {}}}},
        {"said": {"fact": {"template": "the database: {why}", "values": {"why": "another"}}}},
    ],
)
def test_an_older_record_or_a_wrong_one_is_read_in_english(parts: dict[str, object]) -> None:
    """Better understood by some than missing for all."""
    record = {"fact": "the database: swapped in", **parts}
    assert in_words(recorded(record, "fact"), RUSSIAN) == "the database: swapped in"


def test_programs_get_what_they_got_before() -> None:
    """What `--json` prints is read by scripts of others."""
    data = {"step": "x", "error": ParomError("some.id", TEXT, "plain").as_record()}
    assert set(without_parts(data)["error"]) == {"id", "fact", "cure", "exit_code", "can_retry"}
