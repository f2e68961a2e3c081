"""Django settings of the journal itself; they have nothing to do with the user's project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

INSTALLED_APPS = ["parom.journal"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
# Only for tools that load these settings by name (mypy); `opening.open_journal` sets the file.
SECRET_KEY = "the journal serves no web pages and signs nothing"  # noqa: S105
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
}


def databases_at(path: Path) -> dict[str, dict[str, Any]]:
    """The journal's database at `path`: WAL, and every commit on disk before it counts."""
    return {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }
