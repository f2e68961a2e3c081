"""Which web server a project is installed with, and how it is started on a given socket."""

from __future__ import annotations

import re
from pathlib import Path

from parom.inspect.found import Found, text_of

_IN_TEXT = re.compile(
    r"""(?im)^[\s"'\[,-]*gunicorn(?:\[[^\]]*\])?\s*(?:[=~]=\s*(?P<version>[\d.]+))?"""
)
_IN_LOCK = re.compile(r'(?m)^name = "gunicorn"\nversion = "(?P<version>[\d.]+)"')
_CONTROL_SOCKET_SINCE = (25, 1)
"""From here on gunicorn makes a control socket in HOME: one for all instances of a user."""


def find_gunicorn(
    root: Path, dependencies: Found | None, environment: Found | None
) -> Found | None:
    """Its version, empty where that is not said; None where nothing names it."""
    if environment is not None:
        for folder in sorted((root / environment.value).glob("lib/python*/site-packages")):
            for found in sorted(folder.glob("gunicorn-*.dist-info")):
                version = found.name.removeprefix("gunicorn-").removesuffix(".dist-info")
                return Found(version, f"{environment.value} has it installed")
    if dependencies is None:
        return None
    file = root / dependencies.value
    text = text_of(file)
    match = (_IN_LOCK if file.name == "uv.lock" else _IN_TEXT).search(text)
    if match is None:
        return None
    return Found(match["version"] or "", f"{dependencies.value} names it")


def gunicorn_command(application: str, version: str) -> tuple[str, ...]:
    """Without the control socket where the version is known to have one."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    quiet = ("--no-control-socket",) if numbers >= _CONTROL_SOCKET_SINCE else ()
    return (
        *("{python}", "-m", "gunicorn", "--bind", "{bind}", "--workers", "2"),
        *quiet,
        application,
    )
