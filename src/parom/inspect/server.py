"""Which database on a server the settings mean, and how they come to its address and password.

A password is neither looked up nor kept here: only the name of the variable that holds it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from parom.facts import DatabaseSettings
from parom.inspect.address import address_of
from parom.inspect.evaluation import Value, evaluate
from parom.inspect.expressions import DatabaseExpressions
from parom.inspect.found import in_settings
from parom.inspect.server_found import ServerFound
from parom.inspect.variables import variables_of
from parom.words.said import said

_KEYS = {"ENGINE": "engine", "NAME": "name", "HOST": "host", "PORT": "port", "USER": "user"}
_LITERAL_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")


def find_server(
    expressions: DatabaseExpressions,
    settings: Mapping[str, Value],
    module: Path,
    files: Mapping[str, Mapping[str, str]],
) -> ServerFound | None:
    """What the settings were read as; None for a file, and where nothing tells of a server."""
    return _by_address(expressions, files) or _by_keys(expressions, settings, module, files)


def _by_address(
    expressions: DatabaseExpressions, files: Mapping[str, Mapping[str, str]]
) -> ServerFound | None:
    """A variable that the settings read, with the address of a server in an environment file."""
    for default in expressions.defaults:
        for variable in variables_of(default, expressions.names):
            file = _file_with(variable, files)
            found = address_of(files[file][variable]) if file else None
            if found is not None and found.engine != "sqlite3":
                how = said(
                    "the settings read {variable}, and {file} has the address in it",
                    variable=variable,
                    file=file,
                )
                return ServerFound(found, how, address=variable, address_file=file)
    return None


def _by_keys(
    expressions: DatabaseExpressions,
    settings: Mapping[str, Value],
    module: Path,
    files: Mapping[str, Mapping[str, str]],
) -> ServerFound | None:
    keys = expressions.keys
    if "ENGINE" not in keys:
        return _by_default(expressions, settings, module, files)
    read = {
        ours: _value(keys[theirs], expressions, settings, module, files)
        for theirs, ours in _KEYS.items()
        if theirs in keys
    }
    engine = read.get("engine", "")
    if not engine or "sqlite" in engine or "spatialite" in engine:
        return None
    password = keys.get("PASSWORD")
    variables = list(variables_of(password, expressions.names)) if password is not None else []
    variable = variables[0] if variables else ""
    return ServerFound(
        DatabaseSettings(**{"name": "", **read}),
        in_settings("DATABASES"),
        password=variable,
        password_file=_file_with(variable, files),
        holds_password=password is not None and not variable and _is_text(password, expressions),
        unset=_unset([keys[one] for one in _KEYS if one in keys], expressions, files),
        options=_options(keys.get("OPTIONS")),
    )


def _by_default(
    expressions: DatabaseExpressions,
    settings: Mapping[str, Value],
    module: Path,
    files: Mapping[str, Mapping[str, str]],
) -> ServerFound | None:
    """An address that stands in the settings for where the environment has none."""
    for default in reversed(expressions.defaults):
        value = evaluate(default, settings, module)
        found = address_of(value) if isinstance(value, str) else None
        variable = next(variables_of(default, expressions.names), "")
        if found is not None and found.engine != "sqlite3" and variable:
            how = said("the address's default in the settings")
            return ServerFound(
                found, how, address=variable, address_file=_file_with(variable, files)
            )
    return None


def _value(
    node: ast.expr,
    expressions: DatabaseExpressions,
    settings: Mapping[str, Value],
    module: Path,
    files: Mapping[str, Mapping[str, str]],
) -> str:
    """What an environment file says, else what the settings do."""
    for variable in variables_of(node, expressions.names):
        file = _file_with(variable, files)
        if file and "://" not in files[file][variable]:
            return files[file][variable]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return str(node.value)
    value = evaluate(node, settings, module)
    return str(value) if isinstance(value, str | Path) else ""


def _unset(
    nodes: list[ast.expr],
    expressions: DatabaseExpressions,
    files: Mapping[str, Mapping[str, str]],
) -> tuple[str, ...]:
    read = [one for node in nodes for one in variables_of(node, expressions.names)]
    return tuple(dict.fromkeys(one for one in read if not _file_with(one, files)))


def _file_with(variable: str, files: Mapping[str, Mapping[str, str]]) -> str:
    return next((file for file, known in files.items() if known.get(variable)), "")


def _is_text(node: ast.expr, expressions: DatabaseExpressions) -> bool:
    followed = expressions.names.get(node.id, node) if isinstance(node, ast.Name) else node
    return isinstance(followed, ast.Constant) and bool(followed.value)


def _options(node: ast.expr | None) -> tuple[str, ...]:
    if not isinstance(node, ast.Dict):
        return ()
    named = [one.value for one in node.keys if isinstance(one, ast.Constant)]
    return tuple(one for one in _LITERAL_OPTIONS if one in named)
