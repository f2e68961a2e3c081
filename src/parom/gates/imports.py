"""Named imports succeed in the new release's own interpreter (R-3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from parom.facts import Finding, Level
from parom.words.said import said


def judge(results: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """`results` are (statement, error) pairs; an empty error means that it succeeded."""
    return tuple(
        Finding(
            "imports",
            Level.ERROR,
            said("`{statement}` failed: {error}", statement=statement, error=error),
            said("Correct the release or its dependencies, or the line in checks.imports."),
        )
        for statement, error in results
        if error
    )
