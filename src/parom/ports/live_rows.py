"""Single rows of a database, written while the application runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from parom.quarantine.aim import Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted
from parom.replay.mapping import Table

Results = Mapping[int, Stay | None]
"""By number of the line: why the row stays in quarantine, None where it is back."""


class LiveRows(Protocol):
    """One connection to a database. Values are as `rows.jsonl` has them."""

    def schema(self) -> Mapping[str, Table]:
        """The tables that hold rows of the application."""
        ...

    def applied(self) -> frozenset[str]:
        """The migrations that are noted as applied, as `app.name`."""
        ...

    def row(self, table: str, key: Values) -> Values | None:
        """One row with all its columns; None where there is none. The table is in `schema`."""
        ...

    def marks(self) -> Mapping[str, str] | None:
        """What committed batches left, by name. None where the database was never made ready
        for any, or is another one since."""
        ...

    def make_ready(self) -> None:
        """Make the place for marks; it is no table of the application. May be called twice."""
        ...

    def put(self, batch: str, wanted: Sequence[Wanted], mark: Callable[[Results], str]) -> Results:
        """Put rows back in one short transaction, which leaves the batch's mark: both or none.

        A row is written only where the live one is as `was` says, or counts as back where it is
        what `aim` says already. What would break a constraint or leave a reference that leads
        nowhere is left out, each row by itself. Raises `database.locked`,
        `quarantine.schema-changed`, `quarantine.not-written`: then nothing of it is written.
        """
        ...

    def clear_marks(self) -> None:
        """Take the marks and their place out again: all that they say is recorded elsewhere."""
        ...
