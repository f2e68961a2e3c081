"""What a private instance that was begun during the migration is worth, and when it ends."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing

import psutil
import pytest

from parom.adapters.services.memory import MemoryServices
from parom.config.reading import read
from parom.errors import ParomError
from parom.errors.engine import lease_lost
from parom.facts import PrivateInstance
from parom.steps.migrate import MigrateDatabase
from parom.steps.services import StartPrivate
from parom.steps.starting_ahead import is_started, starting_ahead
from parom.steps.step import Context, Seen
from tests.steps.test_capture import after_opening, ferry
from tests.support.ferry import Ferry

__all__ = ["ferry"]
ALONE = {"opens_at_start": False, "migration_opens_once": True}
"""What a rehearsal must have seen."""


@pytest.fixture
def services() -> MemoryServices:
    return MemoryServices()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def context(ferry: Ferry, services: MemoryServices, told: list[str]) -> Context:
    made = after_opening(ferry, told)
    made.installation = dataclasses.replace(made.installation, services=services)
    made.results["rehearsal.run"] = dict(ALONE)
    return made


def migrated(context: Context, ferry: Ferry, *, meanwhile: bool = False) -> bool:
    """As a migration: opens the database, lets somebody do the same, and closes it. Whether it
    was alone."""
    with starting_ahead(context) as ahead, closing(sqlite3.connect(ferry.live_database)) as one:
        ahead.begin()
        if meanwhile:
            sqlite3.connect(ferry.live_database).close()
        one.execute("CREATE TABLE further (id INTEGER PRIMARY KEY)")
        return ahead.conclude()


def as_another_engine(context: Context) -> Context:
    """What one that takes over knows: nothing but what lies in the run's folder."""
    return dataclasses.replace(context, started_ahead=False, instance=None)


def test_it_is_taken_where_nobody_else_opened_the_database(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    assert migrated(context, ferry)
    (begun,) = services.running.values()
    data = StartPrivate().run(context)
    assert (data["ahead"], data["pids"]) == (True, [begun])
    assert not is_started(context)


def test_it_is_ended_at_once_where_somebody_did(
    context: Context, ferry: Ferry, services: MemoryServices, told: list[str]
) -> None:
    """And the migration is to be made again: what was done beside it is in what it made."""
    assert not migrated(context, ferry, meanwhile=True)
    assert services.started
    assert not services.running
    assert len(told) == 1
    assert told[0].startswith("not-started-ahead")
    assert StartPrivate().run(context)["ahead"] is False


def test_whoever_takes_over_ends_it(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    """The proof was in the memory of the one that died."""
    migrated(context, ferry)
    (begun,) = services.running.values()
    data = StartPrivate().run(as_another_engine(context))
    assert data["ahead"] is False
    assert begun not in data["pids"]


def test_a_migration_that_was_not_alone_for_certain_is_not_done(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    """Its own word says that it came to its end, and nobody is left to say what else happened."""
    migrated(context, ferry)
    other = as_another_engine(context)
    assert MigrateDatabase().look(other) == (Seen.NOT_DONE, {})
    assert not services.running


def test_it_ends_with_a_migration_that_fails(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    """Where a person is to decide what becomes of that, nothing runs beside it."""
    with (  # noqa: PT012 - what is left by the block is what counts
        pytest.raises(ZeroDivisionError),
        starting_ahead(context) as ahead,
    ):
        sqlite3.connect(ferry.live_database).close()
        ahead.begin()
        assert services.running
        raise ZeroDivisionError
    assert not services.running
    assert not is_started(context)


def test_an_engine_that_was_replaced_ends_nothing(
    context: Context, ferry: Ferry, services: MemoryServices, told: list[str]
) -> None:
    """What runs may be its successor's by now."""

    def lost() -> None:
        raise lease_lost("production")

    with (  # noqa: PT012 - as above
        pytest.raises(ParomError, match=r"lease\.lost"),
        starting_ahead(context) as ahead,
    ):
        sqlite3.connect(ferry.live_database).close()
        context.checkpoint = lost
        ahead.begin()
    assert services.running
    assert not told


@pytest.mark.parametrize(
    "rehearsed",
    [
        {},
        {"rehearsal.run": {}},
        {"rehearsal.run": ALONE | {"opens_at_start": True}},
        {"rehearsal.run": ALONE | {"migration_opens_once": False}},
    ],
)
def test_without_a_rehearsal_that_saw_both_alone_it_is_not_tried(
    context: Context, ferry: Ferry, services: MemoryServices, rehearsed: dict[str, dict[str, bool]]
) -> None:
    """Missing evidence is never counted as good."""
    context.results.clear()
    context.results.update(rehearsed)
    migrated(context, ferry)
    assert not services.started
    assert StartPrivate().run(context)["ahead"] is False


def test_where_it_is_not_wanted_it_is_not_tried(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    """What a migration changes beside its database, a cache or a file, nobody proves."""
    config = ferry.config.read_text()
    ferry.config.write_text(config.replace("graceful_s = 3", "graceful_s = 3\nstart_ahead = false"))
    context.installation = dataclasses.replace(context.installation, config=read(ferry.config))
    assert migrated(context, ferry)
    assert not services.started


@pytest.mark.parametrize(
    "problem", [OSError(28, "No space left on device"), psutil.NoSuchProcess(1)]
)
def test_what_cannot_be_begun_for_another_reason_is_no_reason_to_fail(
    context: Context, ferry: Ferry, told: list[str], problem: Exception
) -> None:
    """The migration is at work, and must not be cut off for an advantage."""

    class Failing(MemoryServices):
        def begin_private(self) -> None:
            raise problem

    context.installation = dataclasses.replace(context.installation, services=Failing())
    assert migrated(context, ferry)
    assert len(told) == 1
    assert StartPrivate().run(context)["ahead"] is False


def test_one_that_cannot_be_begun_is_started_after_the_migration(
    context: Context, ferry: Ferry, services: MemoryServices, told: list[str]
) -> None:
    """What is only an advantage must not end a deployment."""
    services.broken.add("web")
    migrated(context, ferry)
    assert len(told) == 1
    services.broken.clear()
    assert StartPrivate().run(context)["ahead"] is False


def test_one_that_ended_is_started_once_more(
    context: Context, ferry: Ferry, services: MemoryServices, told: list[str]
) -> None:
    """It may have ended for want of what the migration had."""
    migrated(context, ferry)
    services.running.clear()
    tries: list[int] = []

    class Once(MemoryServices):
        def start_private(self) -> PrivateInstance:
            tries.append(1)
            if len(tries) == 1:
                self.broken.add("web")
            try:
                return super().start_private()
            finally:
                self.broken.clear()

    context.installation = dataclasses.replace(context.installation, services=Once())
    assert StartPrivate().run(context)["pids"]
    assert len(tries) == 2
    assert len(told) == 1
