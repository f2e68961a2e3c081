"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

RESULTS_VARIABLE = "PAROM_RESULTS_FILE"
"""Tells the pytest of functional checks where its results are expected."""
_SHOWN = 200


@dataclass(frozen=True)
class CheckResult:
    """One check. Missing evidence has `passed` False like any other failure."""

    name: str
    passed: bool
    detail: str
    seconds: float = 0.0


def told(status: int | None, error: str, body: bytes = b"") -> str:
    """An answer in one line: the status with the beginning of the body, or why there is none."""
    if status is None:
        return error
    text = " ".join(body[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN]
    printable = "".join(one for one in text if one.isprintable())
    return f"HTTP {status}: {printable}" if printable else f"HTTP {status}"
