"""What commands see of this process's environment; no secret by accident."""

from __future__ import annotations

import os
from collections.abc import Mapping

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "SSL_CERT_FILE")
_PREFIXES_PASSED_ON = ("UV_", "PIP_", "GIT_SSL", "SSH_AUTH_SOCK", "XDG_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What commands see of this process's environment, and `extra`; no secret by accident."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON or name.startswith(_PREFIXES_PASSED_ON)
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **(extra or {})}


def proxies_here() -> dict[str, str]:
    """What this process's environment says of proxies, for whoever is told by the network."""
    return {name: value for name, value in os.environ.items() if name.upper() in _PROXIES}
