"""Values that a person gives for keys of the configuration: `TABLE.KEY=VALUE`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from parom.config.example import Setting, entries
from parom.errors import inspect as errors
from parom.inspect.wishes import Key
from parom.words.said import said


def given_settings(texts: Sequence[str]) -> dict[Key, Setting]:
    """VALUE is TOML, or else a text as it stands. Raises `init.bad-setting`."""
    known = {(entry.table, entry.key) for entry in entries()}
    found: dict[Key, Setting] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        table, _, key = name.strip().partition(".")
        if not equals:
            raise errors.bad_setting(text, said("it has no ="))
        if (table, key) not in known:
            raise errors.bad_setting(text, said("there is no key {name}", name=name.strip()))
        found[table, key] = Setting(_value(text, value.strip()), (said("given with --set"),))
    return found


def _value(text: str, value: str) -> str | bool | int | float | list[str]:
    try:
        read = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return value
    if set(read) != {"value"}:
        raise errors.bad_setting(text, said("its value has several lines"))
    found = read["value"]
    if isinstance(found, str | bool | int | float):
        return found
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return found
    raise errors.bad_setting(
        text, said("its value is neither a text, a number, true, false nor a list")
    )
