"""Text of others as it can be shown: nothing invisible, nothing that turns the line around."""

from __future__ import annotations

import unicodedata

_LONGEST = 1000
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def printable(text: str, longest: int = _LONGEST) -> str:
    """One line; control and format characters (also those that reorder) become visible.

    What a log or a branch's name holds was written by others, maybe to mislead.
    """
    shown = "".join(map(_shown, text))
    flat = " ".join(shown.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def printable_lines(text: str) -> str:
    """The same for text of several lines, which stay."""
    return "\n".join("".join(map(_shown, line)).rstrip() for line in text.splitlines())


def _shown(one: str) -> str:
    if one in "\n\r\t":
        return " "
    return _INSTEAD if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn") else one
