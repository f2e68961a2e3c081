"""In which language the screens of this command speak."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path

from parom.words.language import Language, Words

_CONFIG: ContextVar[Path | None] = ContextVar("config", default=None)


def speak_as_in(config_path: Path) -> None:
    """Take the language of this configuration, also where the command itself never reads it."""
    _CONFIG.set(config_path)


def words() -> Words:
    """The words of this command's screens. What is not readable is no reason not to speak."""
    return Words(language_of(_CONFIG.get(), os.environ))


def language_of(config_path: Path | None, environment: Mapping[str, str]) -> Language:
    """PAROM_LANGUAGE; else project.language; else, without a configuration, that of the shell."""
    asked = environment.get("PAROM_LANGUAGE", "")
    if asked in tuple(Language):
        return Language(asked)
    text = _text_of(config_path)
    if text is None:
        return _of_the_shell(environment)
    try:
        named = tomllib.loads(text)["project"]["language"]
        return Language(named)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        return Language.ENGLISH


def _text_of(config_path: Path | None) -> str | None:
    """None where there is no file. Of a pipe nobody knows when it is at its end."""
    try:
        there = config_path is not None and config_path.is_file()
        return config_path.read_text("utf-8") if config_path and there else None
    except (OSError, UnicodeDecodeError):
        return None


def _of_the_shell(environment: Mapping[str, str]) -> Language:
    """The first that is set counts, as for every program (POSIX, 8.2)."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[one] for one in names if environment.get(one)), "")
    return Language.RUSSIAN if locale.lower().startswith("ru") else Language.ENGLISH
