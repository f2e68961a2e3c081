"""The last step, where the machine went down since the public was let in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from parom_site.page import Pages

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.adapters.gateways.memory import MemoryGateway
from parom.adapters.services.memory import MemoryServices
from parom.config.reading import read
from parom.errors import ParomError
from parom.errors.database import unreachable
from parom.facts import DatabaseFacts, GatewayState, ServiceState
from parom.plan.plan import Kind, Plan
from parom.steps.accept import AcceptRelease
from parom.steps.room import make_room, needs_of, refuse_too_little
from parom.steps.step import Context, Data, Installation
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry

_FREE = 1 << 40


class Disk:
    def __init__(self, free: int) -> None:
        self.free = free

    def free_bytes(self, path: Path) -> int:
        return self.free


def installation_in(folder: Path, free: int = _FREE) -> Installation:
    services = MemoryServices()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as connection:
        connection.executescript("CREATE TABLE note (text)")
    return replace(
        installation_of(read(make_ferry(folder).config)),
        services=services,
        gateway=MemoryGateway(services, lambda: 0.0, Pages(None, retry_after_s=7)),
        database=SQLiteDatabase(folder / "db.sqlite3", folder / "databases"),
        host=Disk(free),  # type: ignore[arg-type]
    )


def context_of(
    installation: Installation, kind: Kind, tell: Callable[[str, Data], None] = lambda *_: None
) -> Context:
    return Context(
        installation=installation,
        plan=Plan(kind, "run", "production", (), "old", "a test", snapshot_id="snap"),
        results={},
        tell=tell,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )


def with_copies(installation: Installation, *of: str) -> Installation:
    """What a deployment leaves: its snapshot, and a copy of that for a return."""
    for one in of:
        installation.database.snapshot(one)
        installation.database.copy_ahead(one, f"{one}-ahead")
    return installation


@pytest.mark.parametrize(
    ("kind", "free", "left"),
    [
        (Kind.DEPLOY, _FREE, ("snap", "snap-ahead")),
        (Kind.DEPLOY, 0, ("snap",)),
        (Kind.ROLLBACK, _FREE, ("snap",)),
    ],
)
def test_a_copy_for_a_return_is_kept_where_it_is_in_nobody_s_way(
    tmp_path: Path, kind: Kind, free: int, left: tuple[str, ...]
) -> None:
    """It spares a return by hand seconds; one more deployment must fit beside it."""
    installation = with_copies(installation_in(tmp_path, free), "old", "snap")
    done = AcceptRelease().run(context_of(installation, kind))
    assert installation.database.stale(frozenset()) == left
    assert {"old", "old-ahead", "snap", "snap-ahead"} == {*left, *done["discarded"]}


def test_a_good_release_is_accepted_where_its_size_cannot_be_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is a convenience; nothing of the kind takes a release back."""
    installation, told = with_copies(installation_in(tmp_path), "snap"), list[str]()

    def facts() -> DatabaseFacts:
        raise unreachable(tmp_path, "a test")

    monkeypatch.setattr(installation.database, "facts", facts)
    AcceptRelease().run(context_of(installation, Kind.DEPLOY, lambda kind, _: told.append(kind)))
    assert told[-1] == "not-discarded"
    assert installation.database.find_snapshot("snap-ahead") is not None


def test_a_copy_for_a_return_goes_where_the_next_deployment_needs_its_room(tmp_path: Path) -> None:
    """The disk was filled by somebody since; where that is no help, nothing is changed."""
    installation = with_copies(installation_in(tmp_path), "snap")
    (need,) = needs_of(installation, None)
    a_little_less = need.needed + need.needed // 10 - 1  # the spare tenth is short of a byte

    def on(free: int) -> Installation:
        return replace(installation, host=Disk(free))  # type: ignore[arg-type]

    refuse_too_little(on(_FREE))
    assert make_room(on(_FREE), None) == ()
    with pytest.raises(ParomError, match=r"gates\.failed"):
        refuse_too_little(on(0))
    assert installation.database.find_snapshot("snap-ahead") is not None
    refuse_too_little(on(a_little_less))
    assert make_room(on(a_little_less), None) == ("snap-ahead",)
    assert installation.database.stale(frozenset()) == ("snap",)
    with pytest.raises(ParomError, match=r"gates\.failed"):
        refuse_too_little(on(a_little_less))


def test_what_was_opened_serves_again(tmp_path: Path) -> None:
    """A rollback was over but for its last step, and nothing ran after it was carried on."""
    services, told = MemoryServices(), list[str]()
    gateway = MemoryGateway(services, lambda: 0.0, Pages(None, retry_after_s=7))

    def tell(kind: str, _data: Data) -> None:
        told.append(kind)

    context = context_of(
        replace(installation_in(tmp_path), services=services, gateway=gateway),
        Kind.ROLLBACK,
        tell,
    )
    (context.folder / "migrator.answer").write_text("{}")
    AcceptRelease().run(context)
    assert {one.state for one in services.status()} == {ServiceState.RUNNING}
    assert gateway.state() is GatewayState.OPEN
    assert told == ["served-again"]
    assert not (context.folder / "migrator.answer").exists()
    AcceptRelease().run(context)
    assert told == ["served-again"]
