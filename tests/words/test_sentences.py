"""R-8.4: where texts for people are made, no sentence stands beside the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from parom.verdict.criteria import Rollback, Success
from tests.words.spoken import SOURCES

_AREAS = ("checks", "config", "doctor", "errors", "gates", "inspect", "verdict")
_FILES = ("steps/told_verdict.py", "steps/room.py", "steps/gates.py", "steps/checking.py")
_TRANSLATED = {"said", "say", "count"}
_NO_SCREENS = {"checks/plugin.py", "config/reference.py"}
"""pytest's own words, and a page that is English."""
_NO_WORDS = {
    "application/vnd.oai.openapi+json, application/json",
    "before opening",  # said where it is shown
    "pdm export",
    "pipenv requirements",
    "poetry export",
    "ref: refs/heads/",
    *Rollback,
    *Success,
}
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;]? [a-z]{2,}")
PLACES = sorted(
    {f"{area}/{one.name}" for area in _AREAS for one in SOURCES.glob(f"{area}/*.py")}.union(
        _FILES
    ).difference(_NO_SCREENS)
)


def sentences(source: str) -> list[str]:
    """Literals of two words or more that nobody translates; docstrings are for programmers."""
    found = (one for one in _literals(ast.parse(source)) if one not in _NO_WORDS)
    return [one for one in found if _SENTENCE.search(one) and "(?P<" not in one]


def _literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and _called(node) in _TRANSLATED:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for one in ast.iter_child_nodes(node):
        yield from _literals(one)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


@pytest.mark.parametrize("place", PLACES)
def test_no_sentence_is_left_in_english(place: str) -> None:
    """A finding, a piece of evidence, a remark, what is wrong with a key."""
    assert sentences((SOURCES / place).read_text("utf-8")) == []


def test_a_sentence_is_found() -> None:
    """A search that finds nothing would prove nothing."""
    assert sentences("'''a b'''\nx = f'{a} was not found'\ny = said('it exists')") == [
        " was not found"
    ]
