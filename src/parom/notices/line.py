"""One line of a notice."""

from __future__ import annotations

from parom.masking import without_credentials

_LONGEST = 400


def shown(text: str) -> str:
    """One line without credentials, of a length that is read."""
    line = " ".join(without_credentials(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
