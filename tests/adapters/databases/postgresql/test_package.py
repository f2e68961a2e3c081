"""What comes with PostgreSQL is paid for by those who use it."""

from __future__ import annotations

import subprocess
import sys


def test_the_client_is_loaded_only_where_it_is_used() -> None:
    """Every command of an installation on SQLite would load a library for nothing."""
    asking = "import sys, parom.wiring, parom.cli.main; print('psycopg' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
