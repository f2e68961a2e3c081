"""R-8.4: a screen says nothing that has not gone through the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.words.spoken import SOURCES

_SHOWING = {"echo", "secho", "prompt", "UsageError", "Text"}
_TRANSLATING = {"say", "count", "dumps", "read_text"}
"""What is for programs (`dumps`) is English, and a file is its own words."""
_WORD = re.compile(r"[A-Za-z]{2}")
SCREENS = sorted(SOURCES.glob("cli/*.py"))


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def shown_as_it_is(source: str) -> list[str]:
    """The literal words that a screen shows without asking the catalogue."""
    calls = (one for one in ast.walk(ast.parse(source)) if _called(one) in _SHOWING)
    found = [text for call in calls for text in _literals(call.args[0])]  # type: ignore[attr-defined]
    return [one for one in found if _WORD.search(one)]


def _literals(node: ast.AST) -> Iterator[str]:
    if _called(node) in _TRANSLATING or isinstance(node, ast.Subscript):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.FormattedValue):  # without its format, such as `%d.%m.`
        yield from _literals(node.value)
        return
    for one in ast.iter_child_nodes(node):
        yield from _literals(one)


@pytest.mark.parametrize("name", [one.name for one in SCREENS])
def test_every_word_of_a_screen_goes_through_the_catalogue(name: str) -> None:
    """Half a screen in another language is not read."""
    assert shown_as_it_is((SOURCES / "cli" / name).read_text("utf-8")) == []


def test_a_word_beside_the_catalogue_is_found() -> None:
    """A search that finds nothing would prove nothing."""
    assert shown_as_it_is("click.echo(f'{x:%d} are {y}')") == [" are "]
    assert shown_as_it_is("click.echo(json.dumps({'a': 'bcd'}) if j else words.say('bcd'))") == []
