"""Processes that hold the database and that nobody here started."""

from __future__ import annotations

from parom.errors import release as errors
from parom.errors.database import named_all
from parom.errors.postgresql import named_sessions
from parom.facts import Process
from parom.steps.step import Context

PATIENCE_S, _EVERY_S = 30.0, 0.5


def refuse_strangers(context: Context, patience_s: float = 0.0) -> None:
    """Raises `database.held`, naming them, where they do not leave within `patience_s`.

    What they write while the database is stopped, switched or swapped would be noted nowhere.
    """
    clock = context.installation.clock
    deadline = clock.monotonic() + patience_s
    while found := _strangers(context):
        if clock.monotonic() >= deadline:
            server = context.installation.database.server()
            named = named_sessions(found) if server else named_all(found)
            raise errors.held_by_strangers(named)
        clock.wait(_EVERY_S)


def end_idle_strangers(context: Context) -> None:
    """Sessions of others that do nothing are ended, and told by name."""
    installation = context.installation
    ended = installation.database.end_idle(installation.services.processes())
    if ended:
        context.tell("sessions-ended", {"named": [f"{one.name}: {one.command}" for one in ended]})


def _strangers(context: Context) -> tuple[Process, ...]:
    installation = context.installation
    return installation.database.holders(installation.services.processes())
