"""Which tables a migration locked on PostgreSQL against those who write, and for how long.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+), in the
rehearsal alone: after each statement the session's own locks are looked at.
"""

import time

from parom_inside import beside

session = beside("postgresql_session")
MODES = {
    "AccessExclusiveLock": "ACCESS EXCLUSIVE", "ExclusiveLock": "EXCLUSIVE",
    "ShareRowExclusiveLock": "SHARE ROW EXCLUSIVE", "ShareLock": "SHARE",
}  # fmt: skip
"""Those behind which a writer waits, as pg_locks and as PostgreSQL's manual call them."""
TABLES = """
    SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text
        ELSE n.nspname || '.' || c.relname END
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
HELD = """
    SELECT relation, mode FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ONLY_OUTSIDE = ("25001", "2D000")
"""What a transaction refuses: VACUUM, a procedure that commits. Its locks stay unknown."""


class Notes:
    """Of one migration. Tables that it makes itself are left out: nobody else waits for them."""

    def __init__(self, connection):
        self.connection = connection
        self.tables = dict(session.rows(connection, TABLES))
        self.held = {}  # (table, mode): when the statement began that took it
        self.found = []

    def statement(self, run, is_beside_writers):
        """Run one statement, and look at what it locked before that ends.

        What works beside the writers takes none of these locks, and no transaction.
        """
        began = time.monotonic()
        if self.connection.in_atomic_block:
            result = run()
            self.look(began)
            return result
        self.end()
        return run() if is_beside_writers else self.alone(run, began)

    def alone(self, run, began):
        """A statement that commits by itself: in a transaction, to be looked at before its end."""
        from django.db import transaction

        try:
            with transaction.atomic(using=self.connection.alias):
                result = run()
                self.look(began)
        except Exception as problem:
            if session.code_of(problem) not in ONLY_OUTSIDE:
                raise
        else:
            self.end()
            return result
        began = time.monotonic()
        result = run()
        self.found.append(["", "", time.monotonic() - began])
        return result

    def look(self, began):
        """A lock may have gone with a savepoint; else it stays until the transaction ends."""
        held = {
            (self.tables[table], MODES[mode])
            for table, mode in session.rows(self.connection, HELD)
            if table in self.tables and mode in MODES
        }
        self.end(set(self.held) - held)
        for one in held:
            self.held.setdefault(one, began)

    def end(self, ended=None):
        for one in sorted(self.held if ended is None else ended):
            self.found.append([*one, time.monotonic() - self.held.pop(one)])
