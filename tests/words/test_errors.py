"""R-8.4: what an error says can be said in another language."""

from __future__ import annotations

import ast

import pytest

from tests.words.spoken import SOURCES

ENGLISH_ONLY: frozenset[str] = frozenset()
"""Areas whose errors are still English sentences."""
AREAS = sorted({one.stem for one in SOURCES.glob("errors/*.py")} - {"__init__", "problem"})


def finished_sentences(source: str) -> list[str]:
    """Facts and cures that are put together where nobody can translate them any more."""
    return [
        ast.unparse(text)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("ParomError", "NotDeliveredError")
        for text in call.args[1:3]
        if not _is_said(text)
    ]


def _is_said(text: ast.expr) -> bool:
    if isinstance(text, ast.Name):  # made before, of what is said
        return True
    return (
        isinstance(text, ast.Call)
        and isinstance(text.func, ast.Name)
        and text.func.id == "said"
        and isinstance(text.args[0], ast.Constant)
    )


@pytest.mark.parametrize("area", AREAS)
def test_every_fact_and_cure_is_said(area: str) -> None:
    """What is not yet is listed, and the list is true."""
    found = finished_sentences((SOURCES / "errors" / f"{area}.py").read_text("utf-8"))
    assert bool(found) == (area in ENGLISH_ONLY), found


def test_a_finished_sentence_is_found() -> None:
    """A search that finds nothing would prove nothing."""
    assert finished_sentences("ParomError('id', f'{x} is', said('a'))") == ["f'{x} is'"]
