"""Keeps the application's secrets out of what Parom says about it (R-10.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parom.appside.envfile import read_env_file
from parom.masking import without_credentials

_TELLING = re.compile(r"SECRET|PASS|TOKEN|KEY|CREDENTIAL|DSN|AUTH", re.IGNORECASE)
_SHORTEST = 6
"""Shorter values are words like `true`, whose masking would only spoil the message."""


def error_without_secrets(error: Mapping[str, Any], env_file: Path | None) -> dict[str, Any]:
    """An error's record as it may be kept, whoever raised it; its id stays."""
    try:
        environment = read_env_file(env_file) if env_file else {}
    except OSError:  # it is not there, or closed: then its values are not known to us
        environment = {}
    return {
        name: without_secrets(value, environment) if isinstance(value, str) else value
        for name, value in error.items()
    }


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
