"""`manage.py check --deploy` of the new release (R-3.1)."""

from __future__ import annotations

from collections.abc import Iterable

from parom.facts import CheckMessage, Finding, Level
from parom.words.said import said

_WARNING, _ERROR = 30, 40
"""django.core.checks.WARNING and ERROR."""


def judge(
    messages: Iterable[CheckMessage], fail_on: frozenset[str], silenced: frozenset[str]
) -> tuple[Finding, ...]:
    """Errors stop; warnings are listed, and stop where their id (or `WARNING`) is in `fail_on`."""
    return tuple(
        Finding("deploy-check", _level(one, fail_on), _fact(one), one.hint)
        for one in messages
        if one.id not in silenced
    )


def _level(message: CheckMessage, fail_on: frozenset[str]) -> Level:
    if message.level >= _ERROR or message.id in fail_on:
        return Level.ERROR
    if message.level >= _WARNING:
        return Level.ERROR if "WARNING" in fail_on else Level.WARNING
    return Level.INFO


def _fact(message: CheckMessage) -> str:
    about = f"{message.obj}: " if message.obj else ""
    what = f"{about}{message.message}"
    return said("{id}: {what}", id=message.id or said("a check without an id"), what=what)
