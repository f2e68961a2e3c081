"""Which variables of the environment an expression of the settings reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from parom.inspect.found import dotted

_URL_READERS = frozenset({"db", "db_url", "dj_db_url"})
"""Of django-environ and environs; without a name they read `DATABASE_URL`."""
_URL_MODULE = "dj_database_url"
_READERS = frozenset({"env", "environ", "config", "getenv"})
_FUNCTIONS = frozenset({"os.getenv", "os.environ.get"})
_NO_READERS = frozenset({"Env", "Path"})
_USUAL = "DATABASE_URL"
_DEEPEST = 8


def variables_of(
    node: ast.expr, names: Mapping[str, ast.expr], deeper: int = _DEEPEST
) -> Iterator[str]:
    """In the order in which they stand there; names are followed to what was assigned to them."""
    read = _read_by(node)
    if read:
        yield read
    elif isinstance(node, ast.Name):
        if node.id in names and deeper:
            yield from variables_of(names[node.id], names, deeper - 1)
    else:
        for inner in ast.iter_child_nodes(node):
            value = inner.value if isinstance(inner, ast.keyword) else inner
            if isinstance(value, ast.expr):
                yield from variables_of(value, names, deeper)


def _read_by(node: ast.expr) -> str:
    """The one that this very expression asks for; empty for none."""
    match node:
        case ast.Subscript(value=place, slice=ast.Constant(value=str(name))):
            return name if dotted(place).rpartition(".")[2] in _READERS else ""
        case ast.Call(func=function):
            return _called(node, dotted(function))
    return ""


def _called(node: ast.Call, function: str) -> str:
    first, last = function.partition(".")[0], function.rpartition(".")[2]
    reads = function in _FUNCTIONS or (first in _READERS and last not in _NO_READERS)
    if function == f"{_URL_MODULE}.config" or (reads and last in _URL_READERS):
        return _named(node) or _USUAL
    return _named(node) if reads else ""


def _named(node: ast.Call) -> str:
    given = [*node.args[:1], *(one.value for one in node.keywords if one.arg in ("env", "var"))]
    texts = [one.value for one in given if isinstance(one, ast.Constant)]
    return next((one for one in texts if isinstance(one, str) and one.isidentifier()), "")
