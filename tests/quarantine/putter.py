"""Puts the rows of a quarantine back into PostgreSQL, and ends itself by SIGKILL at one point.

python -m tests.quarantine.putter FOLDER POINT, with the access to the server on its input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.quarantine.folder import Folder


def main(folder: str, wanted: str) -> None:
    from tests.support import journal

    assert journal.STATE
    from tests.quarantine.scene import CHANGES, put_all

    def end_at(point: str) -> None:
        if point == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    database = PostgreSQLDatabase(Access(**json.load(sys.stdin)))
    put_all(Folder(Path(folder)), database, CHANGES, (), "one", end_at)


if __name__ == "__main__":
    main(*sys.argv[1:])
