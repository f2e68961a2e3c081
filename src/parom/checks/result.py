"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckResult:
    """One check. Missing evidence has `passed` False like any other failure."""

    name: str
    passed: bool
    detail: str
    seconds: float = 0.0
