"""Changes single texts in a parom.toml and leaves everything else, comments included."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from parom.config.example import as_toml
from parom.config.lines import line_of
from parom.errors import recovery as errors

Key = tuple[str, str]
"""Table and key."""

_VALUE = re.compile(r"^(?P<head>[^=]*=\s*)(?P<value>\"(?:[^\"\\]|\\.)*\"|'[^']*')(?P<tail>.*)$")


def with_texts(text: str, values: Mapping[Key, str]) -> str:
    """The TOML text with these values; keys that are not set yet are added to their tables.

    Raises `recovery.config-not-rewritten` where the result would not say what it should.
    """
    for key, value in values.items():
        text = _with(text, key, value)
        found = tomllib.loads(text).get(key[0], {}).get(key[1])
        if found != value:
            raise errors.not_rewritten(".".join(key))
    return text


def _with(text: str, key: Key, value: str) -> str:
    table, name = key
    data = tomllib.loads(text)
    lines = text.splitlines()
    if name in data.get(table, {}):
        number = line_of(text, key)
        found = _VALUE.match(lines[number - 1]) if number else None
        if number is None or found is None:
            raise errors.not_rewritten(".".join(key))
        lines[number - 1] = f"{found['head']}{as_toml(value)}{found['tail']}"
    elif table in data:
        header = line_of(text, (table,))
        if header is None:
            raise errors.not_rewritten(".".join(key))
        lines.insert(header, f"{name} = {as_toml(value)}")
    else:
        lines += ["", f"[{table}]", f"{name} = {as_toml(value)}"]
    return "\n".join(lines) + "\n"
