"""A database server: what stands in the way there, what cannot be seen, and who is connected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parom.doctor.observation import Observation, good, note, of_problem, warning
from parom.errors import ParomError
from parom.errors.postgresql import named_sessions
from parom.facts import Level, Process, ServerFacts
from parom.gates.server import judge
from parom.words.said import said

NOTHING_TO_SEE = frozenset({"database.absent", "database.no-maintenance"})
"""Obstacles with which there is no more to look at."""
_SHOWN = 4


def readiness(obstacles: Sequence[ParomError], kind: str = "postgresql") -> Iterator[Observation]:
    """What would keep a snapshot or a backup from being made, each with its cure."""
    yield from map(of_problem, obstacles)
    if not obstacles and kind == "mariadb":
        yield good(
            "database.ready", said("Its role may copy and swap it, and mariadb-dump is there.")
        )
    elif not obstacles:
        yield good(
            "database.ready",
            said("Its role may copy and swap it, and pg_dump and pg_restore fit the server."),
        )


def unseen(server: ServerFacts) -> Iterator[Observation]:
    """What Parom cannot look at or do there."""
    for one in judge(server):
        told = warning if one.level is Level.WARNING else note
        yield told(one.gate, said("{fact}.", fact=one.fact), one.cure)


def connected(strangers: Sequence[Process]) -> Observation:
    """Sessions that are none of the application's, by name."""
    return warning(
        "database.held",
        said(
            "{number} sessions that are not the application's are in the database: {named}.",
            number=len(strangers),
            named=named_sessions(strangers[:_SHOWN]),
        ),
        said(
            "At the stop those that do nothing are ended and named; one that is in the middle of "
            "something ends the deployment, and the old release goes on."
        ),
    )
