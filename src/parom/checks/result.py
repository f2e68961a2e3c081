"""What a check found."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

RESULTS_VARIABLE = "PAROM_RESULTS_FILE"
"""Tells the pytest of functional checks where its results are expected."""
LOADED_VARIABLE = "PAROM_LOADED_FILE"
"""Names the file that the pytest of functional checks makes once it is loaded."""
BASE_URL_VARIABLE, HEADERS_VARIABLE = "PAROM_BASE_URL", "PAROM_HEADERS_FILE"
"""Tell functional checks where the release answers, and which file has the headers to send."""
_SHOWN, _LOOKED_AT = 200, 16_384
_NO_WORDS = re.compile(r"(?is)<(script|style)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)|<[^>]*(>|$)")


@dataclass(frozen=True)
class CheckResult:
    """One check. Missing evidence has `passed` False like any other failure."""

    name: str
    passed: bool
    detail: str
    seconds: float = 0.0


def told(status: int | None, error: str, body: bytes = b"") -> str:
    """An answer in one line: the status with the beginning of the body, or why there is none.

    Of a page of HTML what a person would read of it.
    """
    if status is None:
        return error
    text = body[:_LOOKED_AT].decode("utf-8", "replace")
    if text.lstrip().startswith("<"):
        text = html.unescape(_NO_WORDS.sub(" ", text))
    text = " ".join(text.split())[:_SHOWN]
    printable = "".join(one for one in text if one.isprintable())
    return f"HTTP {status}: {printable}" if printable else f"HTTP {status}"
