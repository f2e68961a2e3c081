"""Keeps the application's secrets out of what Parom says about it (R-10.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from parom.appside.envfile import read_env_file
from parom.masking import without_credentials
from parom.words.said import SAID, Said, recorded, recorded_all

_TELLING = re.compile(r"SECRET|PASS|TOKEN|KEY|CREDENTIAL|DSN|AUTH", re.IGNORECASE)
_SHORTEST = 6
"""Shorter values are words like `true`, whose masking would only spoil the message."""
_INSTEAD = "***"
_QUOTING = frozenset({"cure", "detail", "fact", "message", "missing", "traceback", "why"})
"""Under these names a record repeats what others said."""


def tells_of_a_secret(name: str) -> bool:
    """Whether a variable of that name holds one."""
    return _TELLING.search(name) is not None


def error_without_secrets(
    error: Mapping[str, Any], env_file: Path | None, known: Sequence[str] = ()
) -> dict[str, Any]:
    """An error's record as it may be kept, whoever raised it; its id stays. `known` as in
    `without`."""
    try:
        environment = read_env_file(env_file) if env_file else {}
    except OSError:  # it is not there, or closed: then its values are not known to us
        environment = {}
    return _masked(
        error, lambda text: without(without_secrets(text, environment), known), frozenset(error)
    )


def record_without(record: Mapping[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """A record with `known` masked where it quotes somebody, however deep; what it says in words
    that programs know stays, whatever is called a secret."""
    return _masked(record, lambda text: without(text, known), _QUOTING)


def without(text: str, known: Sequence[str]) -> str:
    """The text without secrets, the longest of which come first. Where it has none it stays the
    object that it was: a text that can be said in another language."""
    for secret in known:
        if secret in text:
            text = text.replace(secret, _INSTEAD)
    return text


def without_secrets(text: str, environment: Mapping[str, str]) -> str:
    """The text without values of variables whose names tell of a secret, and without
    credentials in URLs."""
    values = [
        value
        for name, value in environment.items()
        if tells_of_a_secret(name) and len(value) >= _SHORTEST
    ]
    return without_credentials(without(text, sorted(values, key=len, reverse=True)))


def _masked(
    record: Mapping[str, Any], mask: Callable[[str], str], texts: Collection[str]
) -> dict[str, Any]:
    """`texts` are the names under which texts are masked, here and in what lies within."""

    def deeper(name: str, data: Any) -> Any:
        if isinstance(data, Mapping):
            return _masked(data, mask, texts)
        if isinstance(data, list | tuple):
            return [deeper(name, one) for one in data]
        return mask(data) if isinstance(data, str) and name in texts else data

    made = {name: deeper(name, value) for name, value in record.items() if name != SAID}
    if SAID in record:
        made[SAID] = _plainly(record[SAID], mask)
        agreeing = {name: _agreeing(made, name) for name in made[SAID]}
        made[SAID] = {name: parts for name, parts in agreeing.items() if parts}
    return made


def _agreeing(record: Mapping[str, Any], name: str) -> Any:
    """What a text was made from; nothing where a secret lay across several parts of it, and the
    whole text alone was masked."""
    parts = record[SAID][name]
    if not isinstance(parts, list):
        return parts if isinstance(recorded(record, name), Said) else None
    texts = recorded_all(record, name)
    kept = [
        one if isinstance(text, Said) else None for one, text in zip(parts, texts, strict=False)
    ]
    return kept if any(kept) else None


def _plainly(data: Any, mask: Callable[[str], str]) -> Any:
    """What texts were made from: their templates and values, whatever these are called."""
    if isinstance(data, Mapping):
        return {name: _plainly(one, mask) for name, one in data.items()}
    if isinstance(data, list):
        return [_plainly(one, mask) for one in data]
    return mask(data) if isinstance(data, str) else data
