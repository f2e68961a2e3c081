"""What settings and environment files say together of a database on a server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from parom.appside.envfile import read_env_file
from parom.inspect.address import address_of
from parom.inspect.evaluation import Value
from parom.inspect.expressions import DatabaseExpressions
from parom.inspect.found import Found
from parom.inspect.server import find_server
from parom.inspect.server_found import AddressFound, ServerReading
from parom.inspect.variables import variables_of

_PASSWORD = re.compile(
    r"(.*_)?(DB|DATABASE|PG|POSTGRES|POSTGRESQL|SQL)_?(PASSWORD|PASSWD|PASS|PWD)"
)


def read_server(
    root: Path,
    expressions: DatabaseExpressions,
    settings: Mapping[str, Value],
    module: Path,
    environment_files: tuple[Found, ...],
) -> ServerReading:
    files = environments(root, environment_files)
    return ServerReading(
        find_server(expressions, settings, module, files),
        tuple(
            AddressFound(variable, file, found)
            for file, known in files.items()
            for variable, value in known.items()
            if (found := address_of(value)) is not None and found.engine != "sqlite3"
        ),
        tuple(
            (variable, file)
            for file, known in files.items()
            for variable, value in known.items()
            if value and _PASSWORD.fullmatch(variable)
        ),
        address_variable(expressions),
    )


def environments(root: Path, files: tuple[Found, ...]) -> dict[str, dict[str, str]]:
    """The variables of each environment file; those that cannot be read have none."""
    found = {}
    for one in files:
        try:
            found[one.value] = read_env_file(root / one.value)
        except OSError:
            found[one.value] = {}
    return found


def address_variable(expressions: DatabaseExpressions) -> str:
    """The variable by which the settings would be told of another database; empty for none."""
    for default in expressions.defaults:
        for variable in variables_of(default, expressions.names):
            if variable.endswith(("_URL", "_DSN", "_URI")):
                return variable
    return ""
