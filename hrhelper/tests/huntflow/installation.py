"""An installation of its own: a database, settings, and processes that share them."""

import base64
import json
import os
import secrets
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

TREE = Path(__file__).resolve().parents[2]
LIMIT_S = 300
MIRROR = {
    "account": "external_id, name, nick, member_type, removed_at, payload_hash",
    "status": "external_id, account_id, name, type, removed_at, payload_hash",
    "vacancy": "external_id, account_id, position, state, removed_at, payload_hash",
    "applicant": "external_id, account_id, last_name, email, tags, removed_at, payload_hash",
}
LINKS = (
    "SELECT external_id, vacancy, status FROM huntflow_link"
    " JOIN huntflow_applicant ON huntflow_applicant.id = applicant_id ORDER BY 1, 2"
)


@dataclass
class Installation:
    """Connected with a local Huntflow; on SQLite, where no address of a database is given."""

    folder: Path
    server: object
    per_second: int = 1000
    database_url: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self):
        outside = {
            k: v for k, v in os.environ.items() if not k.startswith(("HRHELPER_", "DJANGO_"))
        }
        return outside | self.keys | {
            "HRHELPER_DATABASE_URL": self.database_url,
            "HRHELPER_DATABASE": str(self.folder / "db.sqlite3"),
            "HRHELPER_LOG": str(self.folder / "django.log"),
            "HRHELPER_HUNTFLOW_URL": self.server.api,
            # Processes that start at the same time come at very different ones on a busy machine.
            "HRHELPER_HUNTFLOW_TIMEOUT_SECONDS": str(LIMIT_S),
            "HRHELPER_HUNTFLOW_REQUESTS_PER_SECOND": str(self.per_second),
            "PYTHONWARNINGS": "error",
        }  # fmt: skip

    def set_up(self):
        """Keys, tables and tokens."""
        self.keys = {
            "HRHELPER_SECRET_KEY": secrets.token_urlsafe(60),
            "HRHELPER_CREDENTIAL_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        self.manage("migrate", "-v0")
        tokens = {"access_token": self.server.access, "refresh_token": self.server.refresh}
        self.manage("connect_huntflow", given=json.dumps(tokens))
        return self

    def manage(self, *arguments, given=""):
        """Run a command of manage.py to its end; what it wrote."""
        process = self.start(*arguments)
        out, problem = process.communicate(given, timeout=LIMIT_S)
        assert process.returncode == 0, problem
        return out

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=TREE,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def mirror(self):
        """All rows of the mirror, without local ids and times of changes."""
        return {
            name: self.ask(f"SELECT {columns} FROM huntflow_{name} ORDER BY 1")  # noqa: S608
            for name, columns in MIRROR.items()
        } | {"link": self.ask(LINKS)}

    def ask(self, query):
        if self.database_url:
            connection = psycopg.connect(self.database_url)
        else:
            connection = sqlite3.connect(self.folder / "db.sqlite3")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
