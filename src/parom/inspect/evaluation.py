"""What simple expressions of a settings file amount to, without running it.

Only what settings are commonly written with: constants, names assigned before, pathlib
and os.path, and the defaults of values read from the environment.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from parom.inspect.found import dotted

Value = str | Path | dict[str, object] | list[object] | None
"""None stands for whatever cannot be known."""

_JOINED: dict[str, Callable[..., str]] = {
    "os.path.join": os.path.join,
    "join": os.path.join,
    "os.path.dirname": os.path.dirname,
    "dirname": os.path.dirname,
    "os.path.abspath": os.path.abspath,
    "abspath": os.path.abspath,
    "os.path.realpath": os.path.abspath,
}
_READERS = ("env", "environ", "config")
"""Names under which readers of the environment are known, whatever their methods."""
_FROM_ENVIRONMENT = ("get", "getenv", "env", "config", "str", "path", "db", "db_url", "parse")


def evaluate(node: ast.AST | None, names: Mapping[str, Value], file: Path) -> Value:
    """The value of an expression, given the names assigned before it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id="__file__"):
            return str(file)
        case ast.Name(id=name):
            return names.get(name)
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {
                key.value: evaluate(value, names, file)
                for key, value in pairs
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        case ast.List(elts=members) | ast.Tuple(elts=members):
            return [evaluate(member, names, file) for member in members]
        case ast.JoinedStr(values=parts):
            return _formatted(parts, names, file)
        case ast.BinOp():
            return _combined(node, names, file)
        case ast.BoolOp(op=ast.Or(), values=choices):
            known = (evaluate(choice, names, file) for choice in choices)
            return next((value for value in known if value), None)
        case ast.IfExp(body=body, orelse=orelse):
            return evaluate(body, names, file) or evaluate(orelse, names, file)
        case ast.Attribute() | ast.Subscript():
            return _part_of(node, names, file)
        case ast.Call():
            return _called(node, names, file)
    return None


def _formatted(parts: list[ast.expr], names: Mapping[str, Value], file: Path) -> str | None:
    texts = []
    for part in parts:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        value = evaluate(inner, names, file)
        if not isinstance(value, str | Path):
            return None
        texts.append(str(value))
    return "".join(texts)


def _combined(node: ast.BinOp, names: Mapping[str, Value], file: Path) -> Value:
    left, right = evaluate(node.left, names, file), evaluate(node.right, names, file)
    if isinstance(node.op, ast.Div) and isinstance(left, Path) and isinstance(right, str | Path):
        return left / right
    if isinstance(node.op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(node.op, ast.Add) and isinstance(left, list) and isinstance(right, list):
        return left + right
    return None


def _part_of(node: ast.Attribute | ast.Subscript, names: Mapping[str, Value], file: Path) -> Value:
    if isinstance(node, ast.Attribute):
        value = evaluate(node.value, names, file)
        return value.parent if isinstance(value, Path) and node.attr == "parent" else None
    match node:
        case ast.Subscript(
            value=ast.Attribute(value=path, attr="parents"), slice=ast.Constant(value=int(number))
        ):
            value = evaluate(path, names, file)
            if isinstance(value, Path) and 0 <= number < len(value.parents):
                return value.parents[number]
        case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))):
            value = evaluate(inner, names, file)
            if isinstance(value, dict):
                found = value.get(key)
                return found if isinstance(found, str | Path | dict | list) else None
    return None


def _called(node: ast.Call, names: Mapping[str, Value], file: Path) -> Value:
    name = dotted(node.func)
    arguments = [evaluate(argument, names, file) for argument in node.args]
    if name in _JOINED and arguments:
        texts = [str(one) for one in arguments if isinstance(one, str | Path)]
        return _JOINED[name](*texts) if len(texts) == len(arguments) else None
    first = arguments[0] if arguments else None
    if name in ("Path", "pathlib.Path") and isinstance(first, str | Path):
        return Path(first).joinpath(*(str(one) for one in arguments[1:] if one is not None))
    if name == "str" and isinstance(first, str | Path):
        return str(first)
    if isinstance(node.func, ast.Attribute):
        owner = evaluate(node.func.value, names, file)
        if isinstance(owner, Path):
            return _path_method(owner, node.func.attr, arguments)
    return _default_of(node, arguments, names, file)


def _path_method(path: Path, method: str, arguments: list[Value]) -> Value:
    if method in ("resolve", "absolute", "expanduser"):
        return path
    if method == "joinpath":
        return path.joinpath(*(str(one) for one in arguments if one is not None))
    return str(path) if method in ("as_posix", "__str__") else None


def _default_of(
    node: ast.Call, arguments: list[Value], names: Mapping[str, Value], file: Path
) -> Value:
    """What a value read from the environment is where the environment does not say."""
    first, _, rest = dotted(node.func).partition(".")
    last = rest.rpartition(".")[2] or first
    if last not in _FROM_ENVIRONMENT and first not in _READERS:
        return None
    for keyword in node.keywords:
        if keyword.arg == "default":
            return evaluate(keyword.value, names, file)
    return arguments[1] if len(arguments) > 1 else None
