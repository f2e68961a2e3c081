"""The new release starts in private while its migration still runs, which shortens the stop.

It may only where nobody could tell the difference: what an application reads from the database
at its start, it would read too early. So

- the rehearsal must have seen that the release does not open its database before it is asked
  anything;
- the kernel tells whether anybody opened the live one after the migration did. If so, or where
  nobody can tell, what was started is ended, and started again as if nothing had been.

States, and what is known in each:

| | private instance | known by |
| --- | --- | --- |
| before | none | no mark in the run's folder |
| begun | started or not, of no value yet | the mark |
| proven | as good as one started after the migration | the memory of this process alone |
| taken | the run's own, or ended | the mark is gone |

An engine that takes over finds the mark and no proof, and ends what runs. The mark need not be
on disk: what takes the page cache takes the processes too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parom.errors import ParomError
from parom.ports import Openings
from parom.steps.collecting import note_ends_of_logs
from parom.steps.step import Context

_FIRST_S = 2.0
"""A migration that has not opened its database by then is not waited for."""


class Ahead:
    """One try. What goes wrong in it is told; the start is then made after the migration."""

    def __init__(self, context: Context, openings: Openings | None) -> None:
        self._context, self._openings = context, openings
        self._is_begun = False

    def begin(self) -> None:
        """Once the migration has opened the database, nobody else is to."""
        if self._openings is None or not self._openings.wait_for_first(_FIRST_S):
            return
        note_ends_of_logs(self._context)
        _mark(self._context).touch()
        try:
            self._context.installation.services.begin_private()
        except ParomError as problem:
            self._context.tell("not-started-ahead", problem.as_record())
        else:
            self._is_begun = True
        self._context.checkpoint()

    def conclude(self) -> None:
        """To be called when the migration has ended well."""
        if not self._is_begun or self._openings is None:
            return
        self._context.started_ahead = not self._openings.further()
        if not self._context.started_ahead:
            self._context.tell("not-started-ahead", {"why": "somebody opened the database"})


@contextmanager
def starting_ahead(context: Context) -> Iterator[Ahead]:
    end_started(context)
    rehearsed = context.results.get("rehearsal.run", {})
    if rehearsed.get("opens_at_start", True):
        yield Ahead(context, None)
        return
    with context.installation.database.openings() as openings:
        yield Ahead(context, openings)


def end_started(context: Context) -> None:
    """End what was started ahead and is not proven; with none of it nothing is done."""
    mark = _mark(context)
    if mark.exists() and not context.started_ahead:
        # All of them, verified by process: also where the supervisor died and this one did not.
        context.installation.services.stop()
    mark.unlink(missing_ok=True)


def _mark(context: Context) -> Path:
    return context.folder / "started-ahead"
