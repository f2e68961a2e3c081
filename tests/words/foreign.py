"""What a reader of Russian would stumble over."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3,}")
"""Four words with nothing between them are English: keys, paths and names are fewer."""
_RUSSIAN = re.compile("[А-Яа-яЁё]")
_TO_TYPE = re.compile("`[^`]*`")


def left_in_english(text: str) -> list[str]:
    """Its lines that hold an English sentence; what is to be typed is none."""
    return [line for line in text.splitlines() if _SENTENCE.search(_TO_TYPE.sub("", line))]


def speaks_russian(text: str) -> bool:
    return bool(_RUSSIAN.search(text))
