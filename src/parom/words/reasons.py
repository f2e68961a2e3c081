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
