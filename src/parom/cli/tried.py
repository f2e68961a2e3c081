"""What the rehearsal found of each migration: how long it took, and what stood still meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parom.words.figures import marked
from parom.words.language import Words

_MOST = 12


def tried_out(rehearsed: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """A line for each migration, with the locks behind which writers would wait (PostgreSQL)."""
    applied = rehearsed.get("applied", ())
    lines = [_line(one, rehearsed.get("locks", ()), words) for one in applied[:_MOST]]
    if len(applied) > _MOST:
        lines.append(words.say("and {n} more", n=len(applied) - _MOST))
    return tuple(lines)


def _line(one: Mapping[str, Any], locks: Any, words: Words) -> str:
    took = words.say(
        "{migration} in {n} s",
        migration=one["migration"],
        n=marked(words, f"{one['seconds']:.2f}"),
    )
    held = [_lock(lock, words) for lock in locks if lock["migration"] == one["migration"]]
    if not held:
        return took
    return words.say("{migration}; locked {tables}", migration=took, tables=", ".join(held))


def _lock(lock: Mapping[str, Any], words: Words) -> str:
    if not lock["table"]:
        return words.say("what could not be looked at")
    n = marked(words, f"{lock['seconds']:.2f}")
    return words.say("{table} ({mode}) {n} s", table=lock["table"], mode=lock["mode"], n=n)
