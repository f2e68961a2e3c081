"""A project's settings module, read without running it."""

from __future__ import annotations

import ast
from pathlib import Path

from parom.inspect.evaluation import Value, evaluate
from parom.inspect.found import parsed

_DEEPEST = 5


def module_file(project: Path, module: str) -> Path | None:
    """The file of a dotted module below the folder of manage.py."""
    place = project.joinpath(*module.split("."))
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.is_file():
            return file
    return None


def read_settings(project: Path, module: str) -> dict[str, Value]:
    """Names that the module assigns at its top level, as far as they can be known.

    Other modules of the project that are imported with a star are followed.
    """
    return _read(project, module, _DEEPEST)


def _read(project: Path, module: str, deeper: int) -> dict[str, Value]:
    file = module_file(project, module)
    tree = parsed(file) if file else None
    if file is None or tree is None or deeper == 0:
        return {}
    names: dict[str, Value] = {}
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for statement in statements_of(tree.body):
        match statement:
            case ast.ImportFrom() if any(alias.name == "*" for alias in statement.names):
                names |= _read(project, imported_module(statement, package), deeper - 1)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = evaluate(value, names, file)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                names[name] = evaluate(value, names, file)
    return names


def statements_of(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a module with those of its `if` and `try` blocks, in order.

    Of alternatives the last one that can be evaluated wins, which is mostly the fallback:
    that is the one which depends least on the machine.
    """
    found: list[ast.stmt] = []
    for statement in body:
        match statement:
            case ast.If(body=inner, orelse=other):
                found += statements_of(inner) + statements_of(other)
            case ast.Try(body=inner, orelse=other):
                found += statements_of(inner) + statements_of(other)
            case _:
                found.append(statement)
    return found


def imported_module(statement: ast.ImportFrom, package: str) -> str:
    if statement.level == 0:
        return statement.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - statement.level + 1]
    return ".".join((*above, *((statement.module,) if statement.module else ())))
