"""What nobody can look at on a database server is said before it is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parom.facts import Level, ServerFacts
from parom.gates.server import judge

GIB = 1 << 30
SERVER = ServerFacts("postgresql://db:5432/app", "app", 4 * GIB, 2, True, False)


def test_room_on_the_server_is_named_and_never_taken_for_there() -> None:
    """Missing evidence: the reader is told how much, where, and that nobody looked."""
    (found,) = judge(SERVER)
    assert (found.gate, found.level) == ("server.room", Level.WARNING)
    assert "8.0 GiB" in found.fact
    assert "cannot look" in found.fact


def test_a_small_database_warns_of_nothing() -> None:
    """Who sees a warning with every deployment reads none; the report has it all the same."""
    (found,) = judge(replace(SERVER, size_bytes=GIB // 2 - 1))
    assert found.level is Level.INFO


@pytest.mark.parametrize(
    ("change", "gate", "cure"),
    [
        ({"ends_sessions": False}, "server.sessions", "GRANT pg_signal_backend TO app"),
        ({"by_socket": True}, "server.socket", "127.0.0.1"),
    ],
)
def test_what_makes_strangers_harder_to_meet_is_said(
    change: dict[str, bool], gate: str, cure: str
) -> None:
    """Each with what would change it."""
    found = judge(replace(SERVER, **change))  # type: ignore[arg-type]
    assert found[-1].gate == gate
    assert found[-1].level is Level.INFO
    assert cure in found[-1].cure
