"""Where the database is, as parom.toml and the environment file say."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from parom.adapters.databases.mariadb.access import PORT, Access
from parom.adapters.databases.named_secrets import password_of, variable_of
from parom.config.model import Config
from parom.errors import postgresql as errors
from parom.words.said import said

_SCHEMES = frozenset({"mysql", "mariadb", "mysql2"})


def access_of(config: Config) -> Access:
    """Raises `database.no-address` where a file or a variable that is named is not there."""
    table = config.database
    if table.url_variable:
        return parted(table.url_variable, variable_of(config, table.url_variable))
    port = table.port if "port" in table.model_fields_set else PORT
    host = table.host or "127.0.0.1"
    if host.startswith("/"):
        raise errors.no_address(host, said("it is a socket, where sessions cannot be told apart"))
    return Access(table.name, host, port, table.user, password_of(config))


def parted(variable: str, address: str) -> Access:
    """An address such as `mysql://user:password@host:3306/name`. The address itself is never
    told."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORT
    except ValueError:
        raise errors.no_address(variable, said("it cannot be read")) from None
    if parts.scheme not in _SCHEMES:
        raise errors.no_address(variable, said("it does not begin with mysql://"))
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise errors.no_address(variable, said("it names no database"))
    if any(key.startswith(("ssl", "unix_socket")) for key, _ in parse_qsl(parts.query)):
        raise errors.no_address(
            variable, said("certificates and sockets are not built for MariaDB yet")
        )
    host = unquote(parts.hostname or "127.0.0.1")
    return Access(name, host, port, unquote(parts.username or ""), unquote(parts.password or ""))
