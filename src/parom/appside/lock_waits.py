"""How long a migration waits for a lock on PostgreSQL, and what comes then.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+). Behind a
request that waits for a lock everybody waits, also those who only read; `lock_timeout` takes the
request back. Where the server says that all of the try was taken back with it, the migration is
tried again.
"""

import contextlib
import re
import sys
import time

from parom_inside import beside

holders, notes, session = (
    beside("lock_holders"), beside("lock_notes"), beside("postgresql_session")
)  # fmt: skip
CONCURRENTLY = re.compile(r"\b(CREATE\s+(UNIQUE\s+)?|DROP\s+|RE)INDEX\b[^;]*\bCONCURRENTLY\b", re.I)
NOTHING = contextlib.nullcontext()


class Patience:
    """Migrates through `run`; `how` is the record of `parom.appside.patience.Patience`."""

    def __init__(self, how):
        self.timeout_s, self.pauses_s = how["lock_timeout_s"], how["pauses_s"]
        self.retried, self.failed = [], None
        self.locks, self.is_noting = None, how["note_locks"]

    def limit_each_session(self):
        from django.db.backends.signals import connection_created

        connection_created.connect(self._limit, weak=False)

    def _limit(self, connection, **_signal):
        if connection.vendor == "postgresql":
            session.limit(connection, self.timeout_s)

    def run(self, connection, migration, models, act):
        """`act(models)` migrates one, and may change the models' state that it is given."""
        if connection.vendor != "postgresql":
            return act(models)
        connection.ensure_connection()
        with holders.Lookout(connection, self.timeout_s / 4) as lookout:
            return self._tried(connection, migration, models, act, lookout)

    def _tried(self, connection, migration, models, act, lookout):
        tries = 0
        while True:
            noted = notes.Notes(connection) if self.is_noting else None
            one = Try(connection, lookout, noted, self)
            tries += 1
            try:
                result = one.run(act, models.clone() if migration.atomic else models)
            except Exception as problem:
                if not lacks_lock(problem):
                    raise
                is_whole = bool(migration.atomic) and one.was_taken_back()
                if tries > len(self.pauses_s) or not is_whole:
                    self.failed = told(tries, one.limit_s, is_whole, lookout.holders)
                    raise
            else:
                self._succeeded([migration.app_label, migration.name], tries - 1, noted)
                return result
            pause(self.pauses_s[tries - 1])

    def _succeeded(self, key, retries, noted):
        if retries:
            self.retried.append([*key, retries])
        if noted is not None:
            noted.end()
            self.locks = (self.locks or []) + [[*key, *one] for one in noted.found]

    def why(self, problem):
        """For a failure for want of a lock, what is known of it; None for any other failure."""
        if not lacks_lock(problem):
            return None
        return self.failed or told(1, self.timeout_s, True, [])

    @property
    def all_of_it_s(self):
        return self.timeout_s * (len(self.pauses_s) + 1) + sum(self.pauses_s)


class Try:
    """One try of a migration, followed statement by statement."""

    def __init__(self, connection, lookout, noted, patience):
        self.connection, self.lookout, self.noted = connection, lookout, noted
        self.patience, self.limit_s = patience, patience.timeout_s
        self.transaction, self.is_elsewhere = None, False
        lookout.holders = []

    def run(self, act, models):
        from django.db import connections

        with contextlib.ExitStack() as following:
            for one in connections.all():
                follow = self._statement if one is self.connection else self._elsewhere
                following.enter_context(one.execute_wrapper(follow))
            return act(models)

    def was_taken_back(self):
        """As the server says, since a migration may have committed by itself (in its SQL)."""
        if self.transaction is None or self.is_elsewhere:
            return False
        try:
            found = session.rows(self.connection, "SELECT txid_status(%s)", self.transaction)
        except Exception:
            return False
        return found == [("aborted",)]

    def _elsewhere(self, execute, sql, params, many, context):
        self.is_elsewhere = True
        return execute(sql, params, many, context)

    def _statement(self, execute, sql, params, many, context):
        if self.transaction is None and self.connection.in_atomic_block:
            self.transaction = session.rows(self.connection, "SELECT txid_current()")[0][0]

        def run():
            return execute(sql, params, many, context)

        is_beside = not self.connection.in_atomic_block and is_beside_writers(sql)
        with self.lookout.at_work(), self._all_patience() if is_beside else NOTHING:
            return self.noted.statement(run, is_beside) if self.noted else run()

    @contextlib.contextmanager
    def _all_patience(self):
        """An index that is made beside the writers cannot be tried again, and waits in nobody's
        way: it gets at once all the time that others have in their tries."""
        own = session.in_milliseconds(self.patience.timeout_s)
        if session.lock_timeout(self.connection) != own:  # the migration's own will
            yield
            return
        self.limit_s = self.patience.all_of_it_s
        self._set(session.in_milliseconds(self.limit_s))
        try:
            yield
            self.limit_s = self.patience.timeout_s
        finally:
            if self.connection.is_usable():
                self._set(own)

    def _set(self, milliseconds):
        question = "SELECT set_config('lock_timeout', %s, false)"
        session.rows(self.connection, question, milliseconds)


def told(tries, limit_s, is_whole, seen):
    return {"tries": tries, "limit_s": limit_s, "is_whole": is_whole, "holders": seen}


def pause(seconds):
    sys.stdout.write("\n    a lock was not available; again in %g s\n" % seconds)
    sys.stdout.flush()
    time.sleep(seconds)


def is_beside_writers(sql):
    return CONCURRENTLY.search(str(sql)) is not None


def lacks_lock(problem):
    return session.code_of(problem) == session.LOCK_NOT_AVAILABLE
