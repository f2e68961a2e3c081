"""Sets keys in the text of a parom.toml and leaves everything else, comments included."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from parom.config.example import Value, as_toml
from parom.config.lines import line_of
from parom.words.said import said

Key = tuple[str, str]
"""Table and key."""


def edited(text: str, values: Mapping[Key, Value]) -> str:
    """The text with these values. Raises ValueError where it cannot be done safely: the
    result must say the new values and otherwise exactly what it said before."""
    wanted = tomllib.loads(text)
    for (table, name), value in values.items():
        wanted.setdefault(table, {})[name] = _plain(value)
        text = _with(text, table, name, value)
    if tomllib.loads(text) != wanted:
        message = said("the file does not have one key a line in plain tables")
        raise ValueError(message)
    return text


def _with(text: str, table: str, name: str, value: Value) -> str:
    data, lines = tomllib.loads(text), text.splitlines()
    written = f"{name} = {as_toml(value)}"
    if name in data.get(table, {}):
        first = (line_of(text, (table, name)) or 1) - 1
        lines[first : _end_of_value(lines, first)] = [written]
    elif table in data:
        lines.insert(line_of(text, (table,)) or 0, written)
    else:
        lines += ["", f"[{table}]", written]
    return "\n".join(lines) + "\n"


def _end_of_value(lines: list[str], first: int) -> int:
    """The line after a value that may go over several, as lists do."""
    for end in range(first + 1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[first:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    return first + 1


def _plain(value: Value) -> Any:
    return value if isinstance(value, str | bool | int | float) else list(value)
