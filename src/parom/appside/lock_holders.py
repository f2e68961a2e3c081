"""Who keeps a migration waiting for a lock on PostgreSQL, seen while it waits.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+).
"""

import contextlib
import threading
import time

from parom_inside import beside

session = beside("postgresql_session")
HOLDERS = """
    SELECT DISTINCT holder.pid, coalesce(other.usename, ''), coalesce(other.application_name, ''),
        coalesce(to_char(other.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
    FROM pg_stat_activity AS own
    CROSS JOIN LATERAL unnest(pg_blocking_pids(own.pid)) AS holder (pid)
    LEFT JOIN pg_stat_activity AS other ON other.pid = holder.pid
    WHERE own.pid = %s AND own.wait_event_type = 'Lock'
    ORDER BY 1 LIMIT 10
"""
"""Nothing of their statements: those hold data. A prepared transaction has the number zero."""


class Lookout(threading.Thread):
    """Looks from a session of its own, which it opens where a statement takes long.

    After the timeout nobody waits any more, and nobody is to be seen. What cannot be looked at
    stays unknown, and stops nothing.
    """

    def __init__(self, connection, every_s):
        super().__init__(daemon=True)
        self.connection, self.every_s = connection, every_s
        self.holders = []
        self.working = None  # (the number of the server's process, since when)
        self.ended = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_problem):
        self.ended.set()
        self.join()

    @contextlib.contextmanager
    def at_work(self):
        """While one statement of the migration runs."""
        self.working = (self.connection.connection.info.backend_pid, time.monotonic())
        try:
            yield
        finally:
            self.working = None

    def run(self):
        own = None
        with contextlib.suppress(Exception):
            while not self.ended.wait(self.every_s):
                working = self.working
                if working is None or time.monotonic() - working[1] < self.every_s:
                    continue
                own = own or opened(self.connection)
                self.holders = told(session.rows(own, HOLDERS, working[0])) or self.holders
        if own is not None:
            own.close()


def opened(connection):
    """Another one to the same database, for this thread alone."""
    own = connection.copy()
    own.settings_dict.get("OPTIONS", {}).pop("pool", None)
    own.ensure_connection()
    return own


def told(rows):
    return [
        {"pid": pid, "role": role, "application": application, "since": since}
        for pid, role, application, since in rows
    ]
