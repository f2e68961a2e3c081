"""MariaDB's programs for tests: nothing ships them with Python, so they are the system's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def programs() -> Path:
    """The folder of the server's program; a test without one is skipped, and says so."""
    named = os.environ.get("PAROM_TEST_MARIADB")
    path = os.pathsep.join([named or "", os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
    found = [
        shutil.which(one, path=path) for one in ("mariadbd", "mariadb-install-db", "mariadb-dump")
    ]
    if not all(found):
        pytest.skip("MariaDB is not installed: apt-get install mariadb-server")
    return Path(str(found[0])).parent


def program(name: str) -> str:
    path = os.pathsep.join([str(programs()), os.environ.get("PATH", ""), "/usr/bin"])
    found = shutil.which(name, path=path)
    assert found
    return found
