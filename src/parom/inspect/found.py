"""A finding, and reading files for it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from parom.words.said import said

_LARGEST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Found:
    """Something that was found, with how: a person decides whether to believe it."""

    value: str
    how: str


def in_settings(name: str) -> str:
    """How a value was found that a setting has."""
    return said("{name} in the settings", name=name)


def text_of(file: Path) -> str:
    """A file's text; empty where it is missing, unreadable or too large to be source."""
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            return ""
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def parsed(file: Path) -> ast.Module | None:
    """A Python file's syntax tree; None where it has none."""
    try:
        return ast.parse(text_of(file))
    except (SyntaxError, ValueError):
        return None


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
