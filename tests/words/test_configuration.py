"""R-8.4: whatever is wrong with a parom.toml is said in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parom.config.example import entries, example
from parom.config.reading import parsed
from parom.errors import ParomError
from parom.message import Topic
from parom.words.language import Language, Words
from parom.words.said import in_words
from tests.words.foreign import left_in_english, speaks_russian

RUSSIAN = Words(Language.RUSSIAN)
WRONG = (
    *("1", "-1", "1.5", "1e9", "nan", "true", '""', '"x y"', '"../x"', '"/"', "2026-01-01"),
    *("[]", "[1]", '[""]', '["x y"]', "{}", "{ a = 1 }", '{ "a b" = ["x"] }', "{ a = [] }"),
)
"""Values of every kind that TOML has."""
TOPICS = ", ".join(Topic)
"""Words of parom.toml itself."""


def _with(table: str, key: str, value: str) -> str:
    """The example with one value set."""
    whole, count = re.subn(
        rf"(?ms)(^\[{table}\]\n.*?^)#?{key} = [^\n]*", rf"\g<1>{key} = {value}", example(), count=1
    )
    assert count == 1
    return whole


def _problem(text: str) -> str:
    """What is wrong, in Russian; empty where nothing is."""
    try:
        parsed(text, Path("parom.toml"))
    except ParomError as problem:
        return in_words(problem.fact, RUSSIAN)
    return ""


@pytest.mark.parametrize(
    ("table", "key"), [(one.table, one.key) for one in entries()], ids=lambda one: str(one)
)
def test_what_is_wrong_with_a_key_is_russian(table: str, key: str) -> None:
    """Also what pydantic, which checks the values, would say in its own words."""
    problems = [_problem(_with(table, key, value)) for value in WRONG]
    assert any(problems)
    for one in filter(None, problems):
        assert speaks_russian(re.sub("«[^»]*»", "", one)), one
        assert left_in_english(one.replace(TOPICS, "")) == []
        assert not re.search(r"must|should|input|valid|less|greater|\bnot?\b|\bis\b|\bor\b", one)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name =", "nam ="), "неизвестный ключ (может быть, «name»?)"),
        (("\nsettings =", "\n#settings ="), "project.settings: нужно указать"),
        (("[vault]", "[vualt]"), "неизвестный ключ"),
        (("[project]", "[project"), "(строка 9, столбец 9)"),
        (('type = "git"', 'type = "svn"'), "можно только 'git' или 'directory'"),
    ],
)
def test_what_is_wrong_with_the_file_is_russian(change: tuple[str, str], said: str) -> None:
    """Misspelt, forgotten, and no TOML."""
    assert said in _problem(example().replace(*change, 1))
