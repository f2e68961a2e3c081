"""How a settings module comes to its default database: the expressions, not their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parom.inspect.found import dotted, parsed
from parom.inspect.settings import imported_module, module_file, statements_of

_DEEPEST = 5


@dataclass
class DatabaseExpressions:
    """What is assigned to names, and to `DATABASES["default"]`, in the order of the module."""

    names: dict[str, ast.expr] = field(default_factory=dict)
    defaults: list[ast.expr] = field(default_factory=list)
    keys: dict[str, ast.expr] = field(default_factory=dict)
    """Of the last one that has keys, and what was assigned to single keys."""


def read_database(project: Path, module: str) -> DatabaseExpressions:
    """As `read_settings` does: modules that are imported with a star are followed."""
    found = DatabaseExpressions()
    _read(project, module, _DEEPEST, found)
    return found


def _read(project: Path, module: str, deeper: int, found: DatabaseExpressions) -> None:
    file = module_file(project, module)
    tree = parsed(file) if file else None
    if file is None or tree is None or deeper == 0:
        return
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for statement in statements_of(tree.body):
        match statement:
            case ast.ImportFrom() if any(alias.name == "*" for alias in statement.names):
                _read(project, imported_module(statement, package), deeper - 1, found)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                _assigned(name, value, found)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                _assigned(name, value, found)
            case ast.Assign(targets=[ast.Subscript() as target], value=value):
                _assigned_part(target, value, found)
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(attr="update", value=target), args=[value])
            ) if _is_default(target):
                _default(value, found)


def _assigned(name: str, value: ast.expr, found: DatabaseExpressions) -> None:
    if name != "DATABASES":
        found.names[name] = value
        return
    found.keys.clear()
    default = dict(keys_of(value)).get("default", value)
    _default(default, found)


def _assigned_part(target: ast.Subscript, value: ast.expr, found: DatabaseExpressions) -> None:
    if _is_default(target):
        found.keys.clear()
        _default(value, found)
    elif _is_default(target.value) and isinstance(target.slice, ast.Constant):
        found.keys[str(target.slice.value)] = value


def _default(value: ast.expr, found: DatabaseExpressions) -> None:
    found.defaults.append(value)
    found.keys.update(keys_of(value))


def _is_default(node: ast.expr) -> bool:
    """Whether it is `DATABASES["default"]`."""
    match node:
        case ast.Subscript(value=ast.Name(id="DATABASES"), slice=ast.Constant(value="default")):
            return True
    return False


def keys_of(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Of `{"NAME": ...}` and of `dict(NAME=...)`."""
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
                elif key is None:
                    yield from keys_of(value)
        case ast.Call(keywords=keywords) if dotted(node.func) == "dict":
            yield from ((one.arg, one.value) for one in keywords if one.arg)
