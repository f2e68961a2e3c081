"""The database, as the settings name it: a SQLite file, or PostgreSQL by an address."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECT_S = 5
# A connection is kept for the next request of its thread, and looked at before it is used.
KEPT_S = 60


def database(url: str, file: str) -> dict[str, Any]:
    """Django's settings for the address, or for the SQLite file where there is none."""
    return postgresql(url) if url else sqlite(file)


def sqlite(file: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        # Else each request that is alone writes the whole log back at its end, and syncs.
        "CONN_MAX_AGE": KEPT_S,
        "OPTIONS": {
            "timeout": 20,
            # A reader that becomes a writer would meet "database is locked" at once.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """From `postgresql://user:password@host:port/name?sslmode=require`.

    What follows the question mark goes to libpq. Raises ImproperlyConfigured, without the
    address: it holds the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("HRHELPER_DATABASE_URL is not an address") from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ImproperlyConfigured(
            "HRHELPER_DATABASE_URL must be postgresql://user:password@host:port/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": KEPT_S,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_S} | dict(parse_qsl(parts.query)),
    }
