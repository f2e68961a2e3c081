"""The one commented example: manual, template of `parom init`, and fixture of the tests."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from parom.words.language import ENGLISH, Language, Words
from parom.words.said import in_words

EXAMPLE = Path(__file__).with_name("example.toml")
_HEADER = re.compile(r"\[(?P<table>[a-z_]+)\]")
_KEY = re.compile(r"(?P<unset>#?)(?P<key>[a-z_]+) = (?P<value>.+)")

_WIDTH = 96

Value = str | bool | int | float | Sequence[str]


@dataclass(frozen=True)
class Entry:
    """One key of the example."""

    table: str
    key: str
    meaning: str
    shown: str
    """As TOML: the default, or an example where the key is required."""
    is_required: bool


@dataclass(frozen=True)
class Setting:
    """A value that goes into a configuration, with the remarks that go above it."""

    value: Value
    remarks: tuple[str, ...] = ()
    decide: bool = False
    """Whether a person must look at it before the first deployment."""


def example(words: Words = ENGLISH) -> str:
    """The file as it is; in another language with its comments in that one."""
    text = EXAMPLE.read_text(encoding="utf-8")
    if words.language is Language.ENGLISH:
        return text
    lines: list[str] = []
    for is_comment, group in groupby(text.splitlines(), _is_comment):
        block = list(group)
        lines += _comment(words.say(_paragraph(block))) if is_comment else block
    return "\n".join(lines) + "\n"


def paragraphs() -> Iterator[str]:
    """What the example says in its comments."""
    for is_comment, group in groupby(example().splitlines(), _is_comment):
        if is_comment:
            yield _paragraph(group)


def _is_comment(line: str) -> bool:
    """A key that is not set has no space after its sign."""
    return line.startswith("# ")


def _paragraph(lines: Iterable[str]) -> str:
    return " ".join(line.removeprefix("# ") for line in lines)


def _comment(text: str, indent: str = "# ") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="# ",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def entries() -> Iterator[Entry]:
    """Every key of the example, in its order."""
    table = ""
    comment: list[str] = []
    for line in example().splitlines():
        header, key = _HEADER.fullmatch(line), _KEY.fullmatch(line)
        if header:
            table, comment = header["table"], []
        elif key:
            is_required = not key["unset"]
            yield Entry(table, key["key"], " ".join(comment), key["value"], is_required)
            comment = []
        else:
            comment.append(line.removeprefix("#").strip())


def filled(
    settings: Mapping[tuple[str, str], Setting], head: str = "", words: Words = ENGLISH
) -> str:
    """The example with these values set; `head` goes above it as a comment.

    Required keys that are not among `settings` are an error of the caller: KeyError.
    """
    lines = [*_comment(in_words(head, words)), ""] if head else []
    table = ""
    for line in example(words).splitlines():
        header, key = _HEADER.fullmatch(line), _KEY.fullmatch(line)
        table = header["table"] if header else table
        if key is None:
            lines.append(line)
            continue
        name = (table, key["key"])
        if key["unset"] and name not in settings:
            lines.append(line)
            continue
        setting = settings[name]
        mark = words.say("DECIDE: ") if setting.decide else "-> "
        for remark in setting.remarks:
            lines += _comment(mark + in_words(remark, words), indent="#    ")
        lines.append(f"{key['key']} = {as_toml(setting.value)}")
    return "\n".join(lines) + "\n"


def as_toml(value: Value) -> str:
    """A value as TOML; JSON's texts, lists and numbers are TOML's too."""
    plain = value if isinstance(value, str | bool | int | float) else list(value)
    # The one character that JSON leaves as it is and TOML does not allow.
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
