"""Why a row stays in quarantine when somebody puts rows back; in words in `words/reasons.py`."""

from __future__ import annotations

import enum


class Stay(enum.StrEnum):
    """Of the row as it was captured, of the live table, or of what happened since."""

    UNREADABLE = "unreadable"
    NEVER = "never"
    NO_TABLE = "no-table"
    NO_KEY = "no-key"
    NOBODY_KNOWS = "nobody-knows"
    """A migration moved tables or columns in a way that nobody can follow."""
    VALUES = "values"
    """A migration may have changed what the values mean."""
    OTHER_TABLE = "other-table"
    COLUMNS = "no-columns"
    NEEDS_VALUE = "needs-value"
    TRIGGERS = "triggers"
    TAKEN = "taken"
    CHANGED = "changed"
    NOT_KNOWN = "not-known"
    """Nobody knows whether the row was changed since the return."""
    DOES_NOT_FIT = "does-not-fit"
    REFERS = "refers"
    REFERRED = "referred"
    DIFFERS = "differs"
    IN_DOUBT = "in-doubt"
    """A crash between the database and its record, and the database is another one now."""


MAYBE_LATER = frozenset({Stay.REFERS, Stay.REFERRED, Stay.DOES_NOT_FIT, Stay.TAKEN})
"""What another row of the same quarantine may be in the way of."""
