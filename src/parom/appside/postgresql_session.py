"""A connection to PostgreSQL as its server knows it: a session with limits and error codes.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+), with
psycopg 3 or psycopg2.
"""

LOCK_NOT_AVAILABLE = "55P03"
LIMITS = """
    SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN %s ELSE '0' END, false)
    FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout',
        'idle_in_transaction_session_timeout', 'idle_session_timeout')
"""
"""A server older than one of them does not list it. What cuts off a visitor's long statement
would cut off a migration as well, and then it was all for nothing."""


def limit(connection, lock_timeout_s):
    rows(connection, LIMITS, in_milliseconds(lock_timeout_s))


def lock_timeout(connection):
    """In milliseconds, as text; zero for none."""
    return rows(connection, "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")[0][0]


def in_milliseconds(seconds):
    """As text; never zero, which would be no limit at all."""
    return str(max(1, round(seconds * 1000)))


def rows(connection, question, *values):
    """Asked past Django's own cursors, whose wrappers see the application's statements."""
    with connection.connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchall()


def code_of(problem):
    """The SQLSTATE of an error or of what caused it; empty where there is none."""
    while problem is not None:
        code = getattr(problem, "sqlstate", None) or getattr(problem, "pgcode", None)
        if code:
            return str(code)
        problem = problem.__cause__
    return ""
