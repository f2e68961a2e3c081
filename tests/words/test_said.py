"""A text in English from which another language can be made, also years later."""

from __future__ import annotations

import json

import pytest

from parom.errors import ParomError
from parom.words.figures import Figure
from parom.words.language import ENGLISH, Language, Words
from parom.words.said import (
    in_words,
    joined,
    of_parts,
    parts_of,
    recorded,
    recorded_all,
    said,
    with_parts,
    without_parts,
)

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


def test_a_record_keeps_what_its_texts_were_made_from_also_those_of_lists() -> None:
    """The journal's events are made of records, lists and texts."""
    evidence = [{"source": "a", "fact": TEXT}]
    kept = json.loads(json.dumps(with_parts({"why": TEXT, "lacks": [WHY, "x"], "of": evidence})))
    assert in_words(recorded(kept, "why"), RUSSIAN) == "база: возвращена на место"
    lacks = [in_words(one, RUSSIAN) for one in recorded_all(kept, "lacks")]
    assert lacks == ["возвращена на место", "x"]
    assert in_words(recorded(kept["of"][0], "fact"), RUSSIAN) == "база: возвращена на место"
    plain = {"why": TEXT, "lacks": [WHY, "x"], "of": evidence}
    assert without_parts(kept) == plain
    assert with_parts(kept) == kept


@pytest.mark.parametrize("record", [{}, {"lacks": None}, {"lacks": ["a"], "said": {"lacks": []}}])
def test_a_list_without_parts_is_read_in_english(record: dict[str, object]) -> None:
    assert recorded_all(record, "lacks") == tuple(record.get("lacks") or ())  # type: ignore[arg-type]


def test_texts_with_signs_between_them_stay_translatable() -> None:
    """A list of findings is one text of an error."""
    listed = joined([WHY, "{x}", TEXT], " | ")
    assert listed == "swapped in | {x} | the database: swapped in"
    assert in_words(listed, RUSSIAN) == "возвращена на место | {x} | база: возвращена на место"
    assert joined([], ", ") == ""
    assert joined([WHY], ", ") is WHY


def test_a_number_has_the_decimal_mark_of_the_language() -> None:
    text = said("the database: {why:.2f}", why=1.5)
    assert text == "the database: 1.50"
    assert format(Figure.of(RUSSIAN, 1.5), ".2f") == "1,50"
    assert format(Figure.of(ENGLISH, 1.5), "g") == "1.5"
