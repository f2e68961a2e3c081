"""R-8.4: nothing of a notice is left in English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

import parom
from parom.notices.telling import _TITLES
from parom.words.language import CATALOGUES

SOURCES = Path(parom.__file__).parent
FILES = [*SOURCES.glob("notices/*.py"), *SOURCES.glob("courier/*.py")]


def said() -> Iterator[str]:
    """Every literal text that is handed to `Words.say` or `Words.count`."""
    yield from _TITLES.values()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("say", "count")
                and node.args
            ):
                for one in ast.walk(node.args[0]):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.value


SAID = sorted(set(said()))


def test_there_is_something_to_look_at() -> None:
    assert len(SAID) > 30


@pytest.mark.parametrize("text", SAID)
def test_it_has_a_russian_text_with_the_same_places(text: str) -> None:
    entry = polib.pofile(str(CATALOGUES / "ru.po")).find(text)
    assert entry is not None, text
    forms = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
    assert forms
    for form in forms:
        assert form
        assert _places(form) == _places(text)


def _places(text: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
