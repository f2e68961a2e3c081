"""What the small project and its configuration have where the database is on a server."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """
import os
from urllib.parse import unquote, urlsplit
_address = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": _address.path[1:],
    "USER": _address.username, "PASSWORD": unquote(_address.password), "HOST": _address.hostname,
    "PORT": _address.port, "CONN_MAX_AGE": 60}}
"""


def tables(programs: Path) -> dict[str, str]:
    """For `make_ferry`; the address is in `shared/.env`."""
    database = f'type = "postgresql"\nurl_variable = "DATABASE_URL"\nprograms = "{programs}"'
    return {
        "database": database,
        "release": 'environment_file = "shared/.env"',
        "shared": '"media/"',
    }


def write_address(root: Path, address: str) -> None:
    """Tell the application of an installation where its database is."""
    env = root / "shared" / ".env"
    env.parent.mkdir(parents=True, exist_ok=True)
    env.write_text(f"DATABASE_URL={address}\n", encoding="utf-8")
    env.chmod(0o600)
