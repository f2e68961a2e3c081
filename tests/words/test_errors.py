"""R-8.4: what an error says can be said in another language."""

from __future__ import annotations

import ast

import pytest

from tests.words.spoken import SOURCES

_MAKING = ("ParomError", "NotDeliveredError", "good", "note", "warning", "wrong")
"""What takes an id, a fact and a cure: errors, and what doctor observes."""
_PASSING_ON = {"__init__", "problem", "observation"}
FILES = sorted(
    f"{one.parent.name}/{one.name}"
    for area in ("errors", "doctor")
    for one in SOURCES.glob(f"{area}/*.py")
    if one.stem not in _PASSING_ON
)


def finished_sentences(source: str) -> list[str]:
    """Facts and cures that are put together where nobody can translate them any more."""
    return [
        ast.unparse(text)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in _MAKING
        for text in call.args[1:3]
        if not _is_said(text)
    ]


def _is_said(text: ast.expr) -> bool:
    if isinstance(text, ast.Name | ast.Attribute):  # made before, of what is said
        return True
    return (
        isinstance(text, ast.Call)
        and isinstance(text.func, ast.Name)
        and text.func.id == "said"
        and isinstance(text.args[0], ast.Constant)
    )


@pytest.mark.parametrize("name", FILES)
def test_every_fact_and_cure_is_said(name: str) -> None:
    """One English sentence in between is what the reader stumbles over."""
    assert finished_sentences((SOURCES / name).read_text("utf-8")) == []


def test_a_finished_sentence_is_found() -> None:
    """A search that finds nothing would prove nothing."""
    assert finished_sentences("ParomError('id', f'{x} is', said('a'))") == ["f'{x} is'"]
