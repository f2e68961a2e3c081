"""Where the database is, as parom.toml and the environment file say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from psycopg import pq

from parom.adapters.databases.named_secrets import password_of, variable_of
from parom.adapters.databases.postgresql.access import Access
from parom.config.model import Config
from parom.errors import postgresql as errors
from parom.words.said import said

_SCHEME = re.compile(r"(postgres|postgresql|pgsql|psql|postgis)([+].*)?")
_OWN = frozenset({"application_name", "dbname", "host", "hostaddr", "options", "password", "port",
                  "service", "user"})  # fmt: skip


def access_of(config: Config) -> Access:
    """Raises `database.no-address` where a file or a variable that is named is not there."""
    table = config.database
    if table.url_variable:
        address = variable_of(config, table.url_variable)
        found = parted(table.url_variable, address)
        return replace(
            found,
            options={**found.options, **table.options},
            maintenance=table.maintenance,
        )
    return Access(
        table.name,
        table.host,
        table.port,
        table.user,
        password_of(config),
        dict(table.options),
        table.maintenance,
    )


def parted(variable: str, address: str) -> Access:
    """An address such as `postgresql://user:password@host:5432/name?sslmode=require`. What libpq
    does not know (`conn_max_age`) is Django's. The address itself is never told."""
    try:
        parts = urlsplit(address)
        port = parts.port or 5432
    except ValueError:
        raise errors.no_address(variable, said("it cannot be read")) from None
    if not _SCHEME.fullmatch(parts.scheme):
        raise errors.no_address(variable, said("it does not begin with postgresql://"))
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise errors.no_address(variable, said("it names no database"))
    return Access(
        name,
        unquote(parts.hostname or ""),
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        _known(dict(parse_qsl(parts.query))),
    )


def _known(options: Mapping[str, str]) -> dict[str, str]:
    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()} - _OWN
    return {key: value for key, value in options.items() if key in known}
