"""What is written to the application's database, and what of it comes along in a return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from parom.facts import CapturedRow
from parom.ports.live_rows import LiveRows
from parom.ports.progress import Progress
from parom.replay.apart import Carried
from parom.replay.changes import Changes


class Written(Protocol):
    """The capture of the live database, and copies of a snapshot with the captured rows in them."""

    def install_capture(self, run_id: str) -> None:
        """Record from now on which rows are written."""
        ...

    def clear_capture(self) -> None:
        """Forget what was recorded so far: called last thing before opening."""
        ...

    def capture_installed(self) -> bool: ...

    def captured_rows(self) -> Iterator[CapturedRow]:
        """The last state of every row written since `clear_capture`."""
        ...

    def capture_gaps(self) -> tuple[str, ...]:
        """Tables of which the capture cannot know all that was written.

        They were made, made anew or dropped since it was installed, or are of a kind that
        cannot be watched.
        """
        ...

    def differing_rows(self, table: str, snapshot_id: str) -> Iterator[CapturedRow]:
        """Rows of one table that the snapshot has not, or not so; never too few.

        Raises `database.no-snapshot`, `database.not-comparable`.
        """
        ...

    def held_still(self) -> AbstractContextManager[None]:
        """Let nobody else write to the live database meanwhile; it can be read.

        Whoever outlived the stop and wrote between two looks would be neither carried nor listed.
        Raises `database.locked` where somebody is writing, and what opening it raises.
        """
        ...

    def copy_ahead(self, snapshot_id: str, ahead_id: str, progress: Progress | None = None) -> None:
        """Make `ahead_id`, a copy of a snapshot for `carry` to use up, while the newer database is
        live. Complete or absent; one that is there stays.

        Raises `database.no-snapshot`, `database.not-carried`, `database.disk-full`: also where
        there would be little room left beside it.
        """
        ...

    def carriable(self, snapshot_id: str, changes: Changes) -> int:
        """How many rows `carry` would write as of now, about: of tables whose rows are carried.

        Raises `database.no-snapshot`, `database.not-carried`, and what opening a database raises.
        """
        ...

    def carry_ahead(
        self, snapshot_id: str, applied_id: str, changes: Changes, ahead_id: str
    ) -> bool:
        """Make of the copy `ahead_id` the copy `applied_id`, with the rows in it that are captured
        by now, for `carry` to use up; the newer database is live and written to. Whether it was
        made.

        Not where nothing was copied ahead, or nothing can be carried before the newer database
        stands still. Of what was made before under that name nothing is left. Raises
        `database.no-snapshot`, `database.locked`, `database.not-carried`, `database.disk-full`; the
        copy is gone then.
        """
        ...

    def carry(
        self,
        snapshot_id: str,
        carried_id: str,
        changes: Changes,
        ahead_id: str = "",
        applied_id: str = "",
    ) -> Carried:
        """Make `carried_id`, a copy of a snapshot with the captured rows in it, ready to swap in.

        It is made of the copy `applied_id`, if this very object made that, where what is missing
        there can be added; or of `ahead_id` where that is there (see `copy_ahead`).

        What each row becomes, `replay` decides; what the older schema does not take then (a
        constraint, a reference) is apart as well, and the snapshot's row stays in its place.
        The snapshot itself is not written to. The copy is complete or absent; called again, it
        is made anew. Nobody may write meanwhile. Of what goes wrong nothing is left behind.

        Raises `database.no-snapshot`, `database.not-carried`, `database.disk-full`.
        """
        ...

    def changed_rows(self, snapshot_id: str, changes: Changes) -> Mapping[str, int]:
        """How many rows differ from the snapshot's of the same key, by table of the live one.

        In columns that both schemas have, and where there are any: after a migration and before
        anybody wrote, this is what the migration did to the data. Raises `database.no-snapshot`,
        `database.not-comparable`.
        """
        ...

    def single_rows(self, database_id: str = "") -> AbstractContextManager[LiveRows]:
        """Rows by their keys: of the live database, or of a finished version, by its id.

        Raises `database.no-snapshot`, and what opening it raises.
        """
        ...

    def trial_rows(self) -> AbstractContextManager[LiveRows]:
        """The same of the live one, to try things out: nothing of what is put stays.

        What a killed Parom leaves of a trial is gone with it, or `stale`.
        """
        ...

    def remove_capture(self) -> None:
        """Take the capture out again; absent is fine."""
        ...
