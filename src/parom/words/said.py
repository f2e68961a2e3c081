"""A text in English that another language can still be made of: it keeps what it was made from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from parom.words.figures import Figure
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


def joined(texts: Iterable[str], between: str) -> str:
    """The texts with nothing but signs in between; empty where there are none."""
    kept = list(texts)
    if len(kept) == 1:
        return kept[0]
    if not any(isinstance(one, Said) for one in kept):
        return between.join(kept)
    places = between.join(f"{{text_{number}}}" for number in range(len(kept)))
    return said(places, **{f"text_{number}": one for number, one in enumerate(kept)})


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
    values = {name: _in_words(one, words) for name, one in text.values.items()}
    return words.say(text.template, **values)


def _in_words(value: Value, words: Words) -> Value:
    if isinstance(value, str):
        return in_words(value, words)
    return Figure.of(words, value) if isinstance(value, float) else value


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


def with_parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """A record as it is kept: beside its texts, and those of its lists, what they were made
    from. A record that has its parts already stays as it is."""
    kept = {name: _with_parts(one) for name, one in data.items()}
    parts = {name: found for name, one in data.items() if (found := _parts_in(one))}
    return {SAID: parts, **kept} if parts else kept


def _with_parts(one: Any) -> Any:
    if isinstance(one, Mapping):
        return with_parts(one)
    return [_with_parts(each) for each in one] if isinstance(one, list | tuple) else one


def _parts_in(one: Any) -> Any:
    if isinstance(one, Said):
        return parts_of(one)
    if isinstance(one, list | tuple) and any(isinstance(each, Said) for each in one):
        return [parts_of(each) if isinstance(each, Said) else None for each in one]
    return None


def recorded(record: Mapping[str, Any], name: str) -> str:
    """A record's text, as far as it was kept with what it was made from. Older records, and
    those that do not agree with themselves, have their English text alone."""
    return _agreed(record.get(name, ""), lambda: record[SAID][name])


def recorded_all(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The same of a list of texts; empty where the record has none of that name."""
    return tuple(
        _agreed(text, lambda number=number: record[SAID][name][number])  # type: ignore[misc]
        for number, text in enumerate(record.get(name) or ())
    )


def _agreed(text: Any, parts: Callable[[], Any]) -> str:
    if isinstance(text, Said):  # it was not kept yet
        return text
    try:
        made = of_parts(parts())
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        return str(text)
    return made if made == text else str(text)


def without_parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """A record for programs: the texts, without what they were made from."""
    return {name: _without_parts(one) for name, one in data.items() if name != SAID}


def _without_parts(one: Any) -> Any:
    if isinstance(one, Mapping):
        return without_parts(one)
    return [_without_parts(each) for each in one] if isinstance(one, list | tuple) else one
