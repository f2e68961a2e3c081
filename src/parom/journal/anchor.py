"""Where the chain was at a moment, noted where whoever alters the journal may not reach.

A chain proves that nothing before its end was changed, not that this is its end: who can write
the whole file can cut it off, or write all of it anew. What is noted elsewhere tells it: in a
report, in the mail or the message that a run ended with, in another machine's record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?P<number>[1-9]\d{0,17}):(?P<digest>[0-9a-f]{16,64})")
_SHOWN = 16
"""Digits of a digest that people see: 64 bits, beyond what anybody forges."""


@dataclass(frozen=True)
class Anchor:
    """An event's number and the beginning of its digest."""

    number: int
    digest: str
    kept_in: str = ""
    """Where it was noted; empty where a person names it."""


def anchor_text(number: int, digest: str) -> str:
    """As it is noted where nobody has to read it."""
    return f"{number}:{digest}"


def short(text: str) -> str:
    """As it is noted for people."""
    return text[: text.index(":") + 1 + _SHOWN] if text else ""


def anchor_of(text: str, kept_in: str = "") -> Anchor | None:
    """None for what is no anchor."""
    found = _FORM.fullmatch(text.strip())
    return Anchor(int(found["number"]), found["digest"], kept_in) if found else None
