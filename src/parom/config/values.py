"""The kinds of values that parom.toml holds; each message says what is allowed.

Numbers and truth values are strict: `"300"` or `"yes"` would be guesses about what was meant.
"""

from __future__ import annotations

import re
import zoneinfo
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from parom.words.said import said

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_BIND = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPAN = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d")
_LAST_PORT = 65_535


def _checked_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        message = said("must be 1 to 64 letters, digits, dots, dashes or underscores")
        raise ValueError(message)
    return text


def _checked_module(text: str) -> str:
    if not _MODULE.fullmatch(text):
        message = said("must be the dotted name of a module, such as config.settings")
        raise ValueError(message)
    return text


def _checked_bind(text: str) -> str:
    found = _BIND.fullmatch(text)
    if found is None or not 1 <= int(found["port"]) <= _LAST_PORT:
        message = said("must be HOST:PORT, such as 127.0.0.1:8000, with a port from 1 to 65535")
        raise ValueError(message)
    return text


def _checked_url(text: str) -> str:
    if not text.startswith("/") or not text.isprintable() or " " in text:
        message = said("must be a path on the site that starts with a slash, such as /health/")
        raise ValueError(message)
    return text


def _checked_url_or_nothing(text: str) -> str:
    return _checked_url(text) if text else text


def _checked_place(text: str) -> str:
    if ".." in PurePosixPath(text).parts or not (text.isprintable() or not text):
        message = said("must be a path without .. in it")
        raise ValueError(message)
    return text


def _checked_inside(text: str) -> str:
    if PurePosixPath(text).is_absolute():
        message = said("must be a relative path; it is meant from the top of a release")
        raise ValueError(message)
    return _checked_place(text)


def _checked_word(text: str) -> str:
    if not text or "\0" in text:
        message = said("must not be empty: each word of a command is a text of its own")
        raise ValueError(message)
    return text


def _checked_variable(text: str) -> str:
    if text and not _VARIABLE.fullmatch(text):
        message = said("must be the name of a variable, such as DATABASE_URL")
        raise ValueError(message)
    return text


def _checked_span(text: str) -> str:
    if not _SPAN.fullmatch(text):
        message = said("must be HH:MM-HH:MM, such as 02:00-04:00; 22:00-02:00 goes past midnight")
        raise ValueError(message)
    return text


def _checked_zone(text: str) -> str:
    if text and text not in zoneinfo.available_timezones():
        message = said("must be a time zone by its place, such as Europe/Minsk, or UTC")
        raise ValueError(message)
    return text


def _checked_recipient(text: str) -> str:
    """An age public key, with its checksum. What was written is not repeated: by mistake it
    may be the private one."""
    import pyrage

    if text.upper().startswith("AGE-SECRET-KEY"):
        message = said(
            "is a private key, which opens backups; take it out of this file, make a new one "
            "(`parom init --new-key`), and write its public key here"
        )
        raise ValueError(message)
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        message = said(
            "must be an age public key, as `parom init --new-key` or `age-keygen -y` print it"
        )
        raise ValueError(message) from None
    return text


def _checked_folder(value: object) -> object:
    if isinstance(value, str) and (not value.strip() or "\0" in value):
        message = said("must name a folder")
        raise ValueError(message)
    return value


Seconds = Annotated[float, Field(ge=0, le=86_400, strict=True)]
Number = Annotated[int, Field(strict=True)]
Switch = Annotated[bool, Field(strict=True)]
Name = Annotated[str, AfterValidator(_checked_name)]
Module = Annotated[str, AfterValidator(_checked_module)]
Bind = Annotated[str, AfterValidator(_checked_bind)]
UrlPath = Annotated[str, AfterValidator(_checked_url)]
OptionalUrlPath = Annotated[str, AfterValidator(_checked_url_or_nothing)]
Folder = Annotated[Path, BeforeValidator(_checked_folder)]
Place = Annotated[str, AfterValidator(_checked_place)]
"""Relative to the installation's root, or absolute."""
Inside = Annotated[str, AfterValidator(_checked_inside)]
"""Relative to the top of a release."""
Word = Annotated[str, AfterValidator(_checked_word)]
Recipient = Annotated[str, AfterValidator(_checked_recipient)]
Variable = Annotated[str, AfterValidator(_checked_variable)]
"""Of the environment file; empty for none."""
Span = Annotated[str, AfterValidator(_checked_span)]
"""A part of every day by the clock on the wall."""
Zone = Annotated[str, AfterValidator(_checked_zone)]
