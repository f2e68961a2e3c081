"""A database's address in one line, as environment files have it; its password is not kept."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from parom.facts import DatabaseSettings

_ENGINES = {
    "postgresql": re.compile(r"(postgres|postgresql|pgsql|psql|postgis)([+].*)?"),
    "sqlite3": re.compile(r"(sqlite|spatialite)([+].*)?"),
    "mysql": re.compile(r"(mysql|mysql2|mysqlgis|mariadb)([-+].*)?"),
    "oracle": re.compile(r"oracle(gis)?([+].*)?"),
}


def address_of(text: str) -> DatabaseSettings | None:
    """What an address says but for the password; None for what is none of a database."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    engines = [one for one, scheme in _ENGINES.items() if scheme.fullmatch(parts.scheme)]
    if not engines or "//" not in text:
        return None
    return DatabaseSettings(
        engines[0],
        unquote(parts.path.removeprefix("/")),
        unquote(parts.hostname or ""),
        str(port or ""),
        unquote(parts.username or ""),
    )
