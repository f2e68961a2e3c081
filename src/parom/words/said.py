"""A text in English that another language can still be made of: it keeps what it was made from."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from parom.words.language import Words

SAID = "said"
"""Under this name a record keeps the templates and values of its texts."""

Value = str | int | float


class Said(str):
    """The English text. `template` is the catalogue's, `values` are what stands in its places."""

    template: str
    values: Mapping[str, Value]


def said(template: str, /, **values: object) -> Said:
    """The template with its values in English; a value may be `said` itself.

    Numbers stay numbers, and everything else becomes text as it is now.
    """
    kept = {name: _value(one) for name, one in values.items()}
    return _made(template.format(**kept) if kept else template, template, kept)


def either(names: Sequence[str]) -> str:
    """`lead or devops`; empty where there are none."""
    return functools.reduce(_or, names) if names else ""


def _or(one: str, other: str) -> str:
    return said("{one} or {other}", one=one, other=other)


def together(names: Sequence[str]) -> str:
    """`lead and devops`; empty where there are none."""
    return functools.reduce(_and, names) if names else ""


def _and(one: str, other: str) -> str:
    return said("{one} and {other}", one=one, other=other)


def _value(one: object) -> Value:
    return one if isinstance(one, str | int | float) and not isinstance(one, bool) else str(one)


def _made(text: str, template: str, values: Mapping[str, Value]) -> Said:
    made = Said(text)
    made.template, made.values = template, values
    return made


def in_words(text: str, words: Words) -> str:
    """The text in a language; what was not `said`, or has no translation, stays English."""
    if not isinstance(text, Said):
        return str(text)
    values = {
        name: in_words(one, words) if isinstance(one, str) else one
        for name, one in text.values.items()
    }
    return words.say(text.template, **values)


def parts_of(text: Said) -> dict[str, Any]:
    """What it was made from, as plain data."""
    values = {
        name: parts_of(one) if isinstance(one, Said) else one for name, one in text.values.items()
    }
    return {"template": text.template, "values": values}


def of_parts(parts: Mapping[str, Any]) -> Said:
    """The reverse of `parts_of`. Raises KeyError, IndexError, ValueError, TypeError or
    AttributeError where the data are not its."""
    values = {
        name: of_parts(one) if isinstance(one, Mapping) else _value(one)
        for name, one in parts["values"].items()
    }
    return said(parts["template"], **values)


def parts_of_all(texts: Mapping[str, str]) -> dict[str, Any]:
    """To be kept beside the texts in a record; empty where none of them was `said`."""
    parts = {name: parts_of(one) for name, one in texts.items() if isinstance(one, Said)}
    return {SAID: parts} if parts else {}


def recorded(record: Mapping[str, Any], name: str) -> str:
    """A record's text, as far as it was kept with what it was made from. Older records, and
    those that do not agree with themselves, have their English text alone."""
    text = str(record.get(name, ""))
    try:
        made = of_parts(record[SAID][name])
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        return text
    return made if made == text else text


def without_parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """A record for programs: the texts, without what they were made from."""
    return {
        name: without_parts(one) if isinstance(one, Mapping) else one
        for name, one in data.items()
        if name != SAID
    }
