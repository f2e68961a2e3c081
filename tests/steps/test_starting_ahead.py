"""What a private instance that was begun during the migration is worth, and when it ends."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing

import pytest

from parom.adapters.services.memory import PRIVATE, MemoryServices
from parom.facts import PrivateInstance
from parom.steps.services import StartPrivate
from parom.steps.starting_ahead import end_started, starting_ahead
from parom.steps.step import Context
from tests.steps.test_capture import after_opening, ferry
from tests.support.ferry import Ferry

__all__ = ["ferry"]


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
    made.results["rehearsal.run"] = {"opens_at_start": False}
    return made


def migrated(context: Context, ferry: Ferry, *, meanwhile: bool = False) -> None:
    """As a migration: opens the database, lets somebody do the same, and closes it."""
    with starting_ahead(context) as ahead, closing(sqlite3.connect(ferry.live_database)) as one:
        ahead.begin()
        if meanwhile:
            sqlite3.connect(ferry.live_database).close()
        one.execute("CREATE TABLE further (id INTEGER PRIMARY KEY)")
        ahead.conclude()


def as_another_engine(context: Context) -> Context:
    """What one that takes over knows: nothing but what lies in the run's folder."""
    return dataclasses.replace(context, started_ahead=False, instance=None)


def test_it_is_taken_where_nobody_else_opened_the_database(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    migrated(context, ferry)
    (begun,) = services.running.values()
    data = StartPrivate().run(context)
    assert (data["ahead"], data["pids"]) == (True, [begun])


def test_it_is_ended_and_started_anew_where_somebody_did(
    context: Context, ferry: Ferry, services: MemoryServices, told: list[str]
) -> None:
    migrated(context, ferry, meanwhile=True)
    (begun,) = services.running.values()
    data = StartPrivate().run(context)
    assert data["ahead"] is False
    assert begun not in data["pids"]
    assert len(told) == 1
    assert told[0].startswith("not-started-ahead")


@pytest.mark.parametrize("meanwhile", [False, True])
def test_whoever_takes_over_ends_it(
    context: Context, ferry: Ferry, services: MemoryServices, meanwhile: bool
) -> None:
    """The proof was in the memory of the one that died."""
    migrated(context, ferry, meanwhile=meanwhile)
    (begun,) = services.running.values()
    data = StartPrivate().run(as_another_engine(context))
    assert data["ahead"] is False
    assert begun not in data["pids"]


def test_it_is_ended_before_the_migration_begins_again(
    context: Context, ferry: Ferry, services: MemoryServices
) -> None:
    """It may hold the database that is about to be put in its first state."""
    migrated(context, ferry)
    end_started(as_another_engine(context))
    assert PRIVATE not in services.running


@pytest.mark.parametrize("rehearsed", [{}, {"rehearsal.run": {"opens_at_start": True}}])
def test_without_a_rehearsal_that_saw_it_open_nothing_it_is_not_tried(
    context: Context, ferry: Ferry, services: MemoryServices, rehearsed: dict[str, dict[str, bool]]
) -> None:
    """Missing evidence is never counted as good."""
    context.results.clear()
    context.results.update(rehearsed)
    migrated(context, ferry)
    assert not services.started
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
