"""What doctor says of a database server, to whoever has to act on it."""

from __future__ import annotations

from parom.adapters.databases.postgresql.sessions import Session
from parom.doctor.observation import Health
from parom.doctor.server import connected, readiness, unseen
from parom.errors.postgresql import no_right
from parom.facts import ServerFacts
from parom.words.language import Language, Words
from parom.words.said import in_words

GIB = 1 << 30


def test_what_is_in_the_way_is_wrong_and_what_cannot_be_seen_is_not() -> None:
    """One refuses a deployment, the other only the reader can answer."""
    missing = no_right("shop", "app", "CREATEDB", "ALTER ROLE shop CREATEDB")
    assert [one.health for one in readiness([missing])] == [Health.WRONG]
    assert [one.health for one in readiness([])] == [Health.GOOD]
    server = ServerFacts("postgresql://db:5432/app", "shop", GIB, 3, False, False)
    assert [(one.id, one.health) for one in unseen(server)] == [
        ("server.room", Health.WARNING),
        ("server.sessions", Health.NOTE),
    ]


def test_who_is_connected_is_named_in_the_readers_language() -> None:
    """With what the server calls it, so that it can be found and ended."""
    session = Session(4711, "boss", "psql", "", -1, "idle", False, 0.0, "client backend")
    told = connected([session.as_process()])
    assert "boss (backend 4711: psql from the server's machine, idle)" in told.fact
    assert "машина сервера" in in_words(told.fact, Words(Language.RUSSIAN))
