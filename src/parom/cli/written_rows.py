"""What became of the rows that were written after the opening, in the last lines of a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from parom.words.language import Words
from parom.words.reasons import REASONS
from parom.words.said import in_words

if TYPE_CHECKING:
    from parom.cli.ending import Ending


def what_became_of_rows(ending: Ending, words: Words) -> list[str]:
    """Which came along, which did not and why, and which could not be listed."""
    return [*_along(ending, words), *_apart(ending, words), *_not_listed(ending, words)]


def _along(ending: Ending, words: Words) -> list[str]:
    if not ending.carried:
        return []
    said = words.count(
        "  along: {number} row written after opening was carried over: {tables}",
        "  along: {number} rows written after opening were carried over: {tables}",
        sum(ending.carried.values()),
        tables=_by_table(ending.carried),
    )
    return [said]


def _apart(ending: Ending, words: Words) -> list[str]:
    if not ending.lost:
        return []
    return [
        words.count(
            "  apart: {number} row written after opening and not in the database now: {tables}",
            "  apart: {number} rows written after opening and not in the database now: {tables}",
            sum(ending.lost.values()),
            tables=_by_table(ending.lost),
        ),
        *(
            f"         {count}: {in_words(REASONS.get(why, why), words)}"
            for why, count in ending.reasons.items()
        ),
        words.say("         in full in {file}", file=ending.quarantine),
        words.say(
            "         to look at and put back: `parom quarantine show {run}`",
            run=Path(ending.quarantine).parent.name,
        ),
    ]


def _not_listed(ending: Ending, words: Words) -> list[str]:
    if not ending.not_covered:
        return []
    named = ", ".join(ending.not_covered)
    return [
        words.say("  apart: what was written to {tables} could not be listed", tables=named),
        words.say("         look into the newer database before it goes with the oldest backups"),
    ]


def _by_table(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{table} {count}" for table, count in rows.items())
