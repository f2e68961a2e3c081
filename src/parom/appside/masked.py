"""Keeps the application's secrets out of what Parom says about it (R-10.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from parom.masking import without_credentials

_TELLING = re.compile(r"SECRET|PASS|TOKEN|KEY|CREDENTIAL|DSN|AUTH", re.IGNORECASE)
_SHORTEST = 6
"""Shorter values are words like `true`, whose masking would only spoil the message."""


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
