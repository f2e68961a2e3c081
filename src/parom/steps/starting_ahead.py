"""The new release starts in private while its migration still runs, which shortens the stop.

It may only where nobody could tell the difference: what an application reads from the database
at its start, it would read too early; what it wrote would lie in what the migration made. So

- the rehearsal must have seen that the release does not open its database by itself, and that the
  migration opens it once;
- the kernel tells whether anybody opened the live one after the migration did. If so the instance
  ends, and the migration is made again, on a fresh copy of the snapshot and with nobody beside it.

States, and what is known in each:

| | private instance | known by |
| --- | --- | --- |
| before | none | no mark in the run's folder |
| begun | started or not, of no value yet | the mark |
| proven | as good as one started after the migration | the memory of this process alone |
| taken | the run's own, or ended | the mark is gone |

An engine that takes over in the middle of the migration finds the mark and no proof: it ends what
runs, and the migration counts as not made. The mark need not be on disk: what takes the page cache
takes the processes too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from parom.errors import ParomError
from parom.ports import Openings
from parom.steps.step import Context

_FIRST_S = 2.0
"""A migration that has not opened its database by then is not waited for."""


class Ahead:
    """One try. What goes wrong in it is told, and is no reason to fail."""

    def __init__(self, context: Context, openings: Openings | None) -> None:
        self._context, self._openings = context, openings
        self._is_begun = False

    def begin(self) -> None:
        """Once the migration has opened the database, nobody else is to."""
        if self._openings is None or not self._openings.wait_for_first(_FIRST_S):
            return
        try:
            _mark(self._context).touch()
            self._context.installation.services.begin_private()
        except ParomError as problem:
            self._context.tell("not-started-ahead", problem.as_record())
        except (OSError, psutil.Error) as problem:
            self._context.tell("not-started-ahead", {"fact": str(problem)})
        else:
            self._is_begun = True
        self._context.checkpoint()

    def conclude(self) -> bool:
        """To be called when the migration has ended well; whether nobody else touched what it
        made."""
        if self._openings is None or not _mark(self._context).exists():
            return True
        if self._openings.further():
            self._context.tell("not-started-ahead", {"why": "somebody opened the database"})
            return False
        self._context.started_ahead = self._is_begun
        return True


@contextmanager
def starting_ahead(context: Context) -> Iterator[Ahead]:
    """What was begun in the block and is not proven at its end has ended then."""
    if not _may_start(context):
        yield Ahead(context, None)
        return
    with context.installation.database.openings() as openings:
        try:
            yield Ahead(context, openings)
        except BaseException:
            _end_quietly(context)
            raise
        end_started(context)


def _may_start(context: Context) -> bool:
    """Missing evidence is a no."""
    rehearsed = context.results.get("rehearsal.run", {})
    return bool(
        context.installation.config.services.start_ahead
        and not rehearsed.get("opens_at_start", True)
        and rehearsed.get("migration_opens_once", False)
    )


def is_started(context: Context) -> bool:
    """Whether something was begun, by whichever engine, and not taken yet."""
    return _mark(context).exists()


def end_started(context: Context) -> None:
    """End what was started ahead and is not proven; with none of it nothing is done."""
    services = context.installation.services
    if is_started(context) and not context.started_ahead:
        services.stop_private()
        if services.processes():
            # What it left behind, or what a supervisor that died had started.
            services.stop()
        _mark(context).unlink()


def take_started(context: Context) -> bool:
    """Whether the private instance that runs was started ahead; no other one runs after this."""
    end_started(context)
    taken, context.started_ahead = context.started_ahead, False
    _mark(context).unlink(missing_ok=True)
    return taken


def _end_quietly(context: Context) -> None:
    """What the migration met is what counts. An engine that was replaced ends nothing: what runs
    may be its successor's."""
    context.started_ahead = False
    try:
        context.checkpoint()
        end_started(context)
    except ParomError as problem:
        if problem.id != "lease.lost":
            context.tell("not-ended", problem.as_record())


def _mark(context: Context) -> Path:
    return context.folder / "started-ahead"
