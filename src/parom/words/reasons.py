"""Why rows are in quarantine, in words; by what the quarantine's lines say under `why`."""

from __future__ import annotations

from parom.words.said import said

REASONS = {
    "no-table": said("the older release has no such table"),
    "no-key": said("nothing names a row of this table for good"),
    "never": said("rows of this table are never carried over"),
    "refused": said("a migration stands in the way"),
    "unseen": said("not all that was written to this table was seen"),
    "columns": said("columns that the older release has not; the rest is carried over"),
    "needs-value": said("the older release wants a value that nobody gave"),
    "does-not-fit": said("the older table does not take it"),
    "refers": said("it refers to a row that is not there"),
    "referred": said("rows that stay refer to it"),
    "differs": said("it was not the same after it was written"),
    "no-replay": said("no rows were carried over"),
}

STAYING = {
    "unreadable": said("its line cannot be read"),
    "never": said("rows of this table are never carried over"),
    "no-table": said("the live database has no such table"),
    "no-key": said("nothing names a row of this table for good"),
    "nobody-knows": said("a migration changed its table in a way that nobody can follow"),
    "values": said(
        "a migration may have changed what its values mean; look at them, then --as-they-are"
    ),
    "other-table": said("its table has other columns now, and no known migration explains them"),
    "no-columns": said("the live table has no place for what is still apart of it"),
    "needs-value": said("the older release wants a value that nobody gave"),
    "triggers": said("its table has triggers of its own, which would write more than this row"),
    "taken": said("its key is taken"),
    "changed": said("somebody changed it since the return"),
    "not-known": said("nobody knows whether it was changed since the return"),
    "does-not-fit": said("the live table does not take it"),
    "refers": said("it refers to a row that is not there"),
    "referred": said("rows that stay refer to it"),
    "differs": said("it was not the same after it was written"),
    "in-doubt": said("an earlier attempt died, and what it did cannot be found out any more"),
}
"""Why a row stays in quarantine when somebody puts rows back."""
