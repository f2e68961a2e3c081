"""What a return left in quarantine goes back into a PostgreSQL database, by the command."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys.seen import quarantine, write_note
from tests.journeys.test_postgresql import Journey, journey, server

__all__ = ["journey", "server"]


def apply(journey: Journey, run: str, *flags: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what the command says."""
    ran = journey.ferry.parom("quarantine", "apply", run, "--as-they-are", "--json", *flags)
    assert ran.returncode in (0, 10, 30), ran.stdout + ran.stderr
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.long
def test_rows_go_back_where_nobody_wrote_since(journey: Journey) -> None:
    """As on SQLite: a role that is no superuser puts them back while the application runs."""
    ferry, ask = journey.ferry, journey.server.ask
    journey.write(2)
    assert ferry.parom("deploy").returncode == 0
    before = journey.notes("body")
    write_note(ferry, "to the newer release")
    ask("UPDATE notes_note SET body = 'changed' WHERE id IN (1, 2)")
    ask("DELETE FROM notes_note WHERE id = 3")
    ran = ferry.parom("rollback", "--without-replay")
    assert ran.returncode == 21, ran.stdout + ran.stderr
    assert (journey.notes(), len(quarantine(ferry))) == (before, 4)
    (images,) = (ferry.root / ".parom" / "quarantine").glob("*/came-back.jsonl")
    ask("UPDATE notes_note SET text = 'newer' WHERE id = 2")
    code, tried = apply(journey, images.parent.name, "--dry-run")
    assert journey.notes()[:3] == [before[0], "newer", before[2]]
    assert (code, len(tried["stayed"]), tried["stayed"][0]["why"]) == (30, 1, "changed")
    code, told = apply(journey, images.parent.name)
    assert (code, {**told, "dry_run": True}) == (30, tried)
    assert journey.notes() == ["changed", "newer", *before[3:], "to the newer release"]
    assert write_note(ferry, "with an id of its own")
    again, kept = apply(journey, images.parent.name)
    assert (again, kept["before"], kept["put_back"]) == (10, 2, {})
    assert ask("SELECT to_regclass('parom_capture.put_back') IS NULL") == [(True,)]
