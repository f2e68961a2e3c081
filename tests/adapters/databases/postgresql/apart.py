"""Parom in a process of its own, so that it can be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.adapters.databases.postgresql.server import APP, Server

_SCRIPT = """
import json, sys
from pathlib import Path
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.databases.postgresql.programs import Programs
given = json.load(sys.stdin)
database = PostgreSQLDatabase(Access(**given["access"]), Programs(Path(given["programs"])))
argument = given["argument"]
getattr(database, given["method"])(Path(argument) if "/" in argument else argument)
"""


@contextmanager
def doing(server: Server, method: str, argument: str) -> Iterator[subprocess.Popen[str]]:
    """A process that calls one method of the database; it is gone at the end."""
    access = {"name": APP, "host": "127.0.0.1", "port": server.port, "user": "postgres"}
    given = {
        "access": {**access, "password": server.password},
        "programs": str(server.programs),
        "method": method,
        "argument": argument,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(given))
        process.stdin.close()
        process.stdin = None
        yield process
    finally:
        process.kill()
        process.communicate()
