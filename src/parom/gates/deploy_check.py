"""`manage.py check --deploy` of the new release (R-3.1)."""

from __future__ import annotations

from collections.abc import Iterable

from parom.facts import CheckMessage, Finding, Level

_ERROR = 40
"""django.core.checks.ERROR"""


def judge(
    messages: Iterable[CheckMessage], fail_on: frozenset[str], silenced: frozenset[str]
) -> tuple[Finding, ...]:
    """Errors stop; warnings are listed, and stop where their id (or `WARNING`) is in `fail_on`."""
    found = []
    for one in messages:
        if one.id in silenced:
            continue
        fails = one.level >= _ERROR or one.id in fail_on or "WARNING" in fail_on
        level = Level.ERROR if fails else Level.WARNING
        found.append(Finding("deploy-check", level, f"{one.id}: {one.message}", one.hint))
    return tuple(found)
