"""Single faults around a PostgreSQL server: strangers in it, and locks that they hold."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from tests.faults.scene import Scene
from tests.faults.server import APP, Server
from tests.support.waiting import wait_until

NAME = "nightly report"
_ABOUT_TO_MIGRATE = "database.migrate:after-intent"
_WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def idle_stranger(scene: Scene) -> None:
    """It does nothing: it is ended, told by its name, and the deployment succeeds."""
    scene.source(2)
    with _stranger(scene) as stranger:
        scene.parom("deploy")
        scene.parom("report", "--json", says=NAME)
        try:
            stranger.execute("SELECT 1")
        except psycopg.OperationalError:
            pass
        else:
            scene.found.append("the idle stranger is still there")
    scene.at_rest(2)


def busy_stranger(scene: Scene) -> None:
    """It is at work when the services are stopped: it is named, and the old release goes on."""
    scene.source(2)
    with _stranger(scene) as stranger:
        stranger.execute("BEGIN; INSERT INTO notes_note (text) VALUES ('of a stranger')")
        scene.parom("deploy", codes=(20,), says=NAME)
        stranger.execute("ROLLBACK")
    scene.at_rest(1)
    scene.next_works()


def stranger_holds_a_lock(scene: Scene) -> None:
    """It came after the stop, and the migration needs what it holds: it is named, and everything
    goes back."""
    scene.source(2)
    with contextlib.ExitStack() as there:
        with scene.paused_at(_ABOUT_TO_MIGRATE) as ran:
            stranger = there.enter_context(_stranger(scene))
            stranger.execute("BEGIN; LOCK TABLE notes_note IN ACCESS SHARE MODE")
        scene.expect(ran[0], "deploy", (20,))
        scene.parom("report", "--json", says="application.lock-not-available")
        scene.parom("report", "--json", says=NAME)
    scene.at_rest(1)
    scene.next_works()


def stranger_lets_a_lock_go(scene: Scene) -> None:
    """It ends while the migration waits for it."""
    scene.source(2)
    with scene.paused_at(_ABOUT_TO_MIGRATE) as ran, _stranger(scene) as stranger:
        stranger.execute("BEGIN; LOCK TABLE notes_note IN ACCESS SHARE MODE")
        (scene.slot.top / "go-on").touch()
        with _server(scene).connect(APP) as looking:
            asked = looking.execute
            wait_until(lambda: bool(asked(_WAITING).fetchall()), "the migration at the lock")
        stranger.execute("ROLLBACK")
    scene.expect(ran[0], "deploy", (0,))
    scene.at_rest(2)
    scene.next_works()


def stranger_reads_before_the_snapshot(scene: Scene) -> None:
    """It came after the stop and is in the middle of something: refused by its name."""
    scene.source(2)
    with contextlib.ExitStack() as there:
        with scene.paused_at("database.snapshot:after-intent") as ran:
            stranger = there.enter_context(_stranger(scene))
            stranger.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM notes_note")
        scene.expect(ran[0], "deploy", (20,))
        scene.parom("report", "--json", says=NAME)
    scene.at_rest(1)
    scene.next_works()


@contextlib.contextmanager
def _stranger(scene: Scene) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who has the application's password, and a name of its own."""
    with contextlib.closing(
        psycopg.connect(_server(scene).address, application_name=NAME, autocommit=True)
    ) as one:
        yield one


def _server(scene: Scene) -> Server:
    assert scene.slot.server is not None
    return scene.slot.server


SERVER_SINGLES: dict[str, Callable[[Scene], None]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        idle_stranger,
        busy_stranger,
        stranger_holds_a_lock,
        stranger_lets_a_lock_go,
        stranger_reads_before_the_snapshot,
    )
}
ALSO_ON_SERVERS = (
    "two-resumes",
    "migration-fails-half-way",
    "migration-fails-in-rehearsal",
    "migration-is-cut-off",
    "held-then-taken-back",
    "abort-in-cutover",
    "abort-in-watch",
    "rollback-twice",
    "rollback-after-failed-deployment",
)
"""Of the others those in which the database has a part."""
