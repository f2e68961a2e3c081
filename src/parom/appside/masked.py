"""Keeps the application's secrets out of what Parom says about it (R-10.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parom.appside.envfile import read_env_file
from parom.masking import without_credentials
from parom.words.said import SAID, Said, recorded

_TELLING = re.compile(r"SECRET|PASS|TOKEN|KEY|CREDENTIAL|DSN|AUTH", re.IGNORECASE)
_SHORTEST = 6
"""Shorter values are words like `true`, whose masking would only spoil the message."""


def error_without_secrets(error: Mapping[str, Any], env_file: Path | None) -> dict[str, Any]:
    """An error's record as it may be kept, whoever raised it; its id stays."""
    try:
        environment = read_env_file(env_file) if env_file else {}
    except OSError:  # it is not there, or closed: then its values are not known to us
        environment = {}
    masked: dict[str, Any] = {
        name: without_secrets(value, environment) if isinstance(value, str) else value
        for name, value in error.items()
    }
    if SAID in error:
        masked[SAID] = _throughout(error[SAID], environment)
        masked[SAID] = {
            name: parts
            for name, parts in masked[SAID].items()
            # Where a secret lay across several parts, the whole text alone was masked.
            if isinstance(recorded(masked, name), Said)
        }
    return masked


def _throughout(data: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(data, Mapping):
        return {name: _throughout(one, environment) for name, one in data.items()}
    return without_secrets(data, environment) if isinstance(data, str) else data


def without_secrets(text: str, environment: Mapping[str, str]) -> str:
    """The text without values of variables whose names tell of a secret, and without
    credentials in URLs."""
    values = [
        value
        for name, value in environment.items()
        if _TELLING.search(name) and len(value) >= _SHORTEST
    ]
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "***")
    return without_credentials(text)
