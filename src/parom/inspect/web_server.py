"""Which web server a project is installed with, and how it is started on a given socket."""

from __future__ import annotations

import re
from pathlib import Path

from parom.inspect.found import Found, text_of
from parom.words.said import said

_IN_TEXT = re.compile(
    r"""(?i)(?<![\w.-])gunicorn(?![\w-])(?:\[[^\]]*\])?\s*(?P<wanted>[^"';\\\n]*)"""
)
_COMMENT = re.compile(r"#.*")
_PINNED = re.compile(r"[=~]=\s*([\d.]+)")
_IN_LOCK = re.compile(r'(?m)^name = "gunicorn"\nversion = "(?P<version>[\d.]+)"')
NEWEST = "newest"
_CONTROL_SOCKET_SINCE = (25, 1)
"""From here on gunicorn makes a control socket in HOME: one for all instances of a user."""


def find_gunicorn(
    root: Path, dependencies: Found | None, environment: Found | None
) -> Found | None:
    """Its version; empty where that is not said, `newest` where nothing bounds it from above;
    None where nothing names it."""
    if environment is not None:
        for folder in sorted((root / environment.value).glob("lib/python*/site-packages")):
            for found in sorted(folder.glob("gunicorn-*.dist-info")):
                version = found.name.removeprefix("gunicorn-").removesuffix(".dist-info")
                return Found(
                    version, said("{environment} has it installed", environment=environment.value)
                )
    if dependencies is None:
        return None
    file = root / dependencies.value
    text = text_of(file)
    how = said("{file} names it", file=dependencies.value)
    if file.name == "uv.lock":
        locked = _IN_LOCK.search(text)
        return Found(locked["version"], how) if locked else None
    named = _IN_TEXT.search(_COMMENT.sub("", text))
    if named is None:
        return None
    pinned = _PINNED.search(named["wanted"])
    if pinned:
        return Found(pinned[1], how)
    return Found("" if "<" in named["wanted"] else NEWEST, how)


def gunicorn_command(application: str, version: str) -> tuple[str, ...]:
    """Without the control socket where the version is known to have one."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    has_one = version == NEWEST or numbers >= _CONTROL_SOCKET_SINCE
    quiet = ("--no-control-socket",) if has_one else ()
    return (
        *("{python}", "-m", "gunicorn", "--bind", "{bind}", "--workers", "2"),
        *quiet,
        application,
    )
