"""The team's rules: who may, when, and with whose approval."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from parom.engine.identity import person
from tests.journeys.conftest import Start
from tests.journeys.seen import get
from tests.journeys.test_two_at_once import at_work
from tests.support.ferry import Ferry, write_project
from tests.support.waiting import wait_until

_AS_SOMEBODY_ELSE = """
import parom.engine.identity
parom.engine.identity.person = lambda: "ivan"
from parom.cli.main import main
main()
"""


def with_rules(ferry: Ferry, rules: str) -> None:
    with ferry.config.open("a", encoding="utf-8") as out:
        out.write(rules)


def audited(ferry: Ferry) -> list[tuple[str, dict[str, str]]]:
    """What the journal says besides runs."""
    uri = f"file:{ferry.root / '.parom' / 'journal.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=60)) as journal:
        rows = journal.execute(
            "SELECT kind, data FROM journal_event WHERE run_id = '' ORDER BY number"
        ).fetchall()
    return [(kind, json.loads(data)) for kind, data in rows]


def test_whoever_may_not_is_refused_and_written_down(start: Start) -> None:
    """R-10.1: for everything that changes what runs; looking is free."""
    ferry = start()
    with_rules(ferry, '[access]\nroles = { devops = ["olga"] }\n')
    for command in (
        ("deploy",),
        ("plan",),
        ("rollback",),
        ("resume",),
        ("maintenance", "on"),
        ("services", "stop"),
        ("backup", "create"),
    ):
        refused = ferry.parom(*command)
        assert refused.returncode == 10, command
        assert "access.refused" in refused.stderr
        assert f"{person()} (no role) may not" in refused.stderr
    assert [kind for kind, _ in audited(ferry)] == ["access-refused"] * 7
    assert ferry.parom("status").returncode == 0
    assert get(ferry, "/health/")["version"] == 1


def test_a_second_person_lets_it_go_over(start: Start) -> None:
    """Nobody approves their own deployment; until somebody does, the public notices nothing."""
    ferry = start()
    with_rules(
        ferry,
        f"[access]\nroles = {{ devops = [{json.dumps(person())}], lead = ["
        f'{json.dumps(person())}, "ivan"] }}\napprove = {{ production = ["lead"] }}\n',
    )
    write_project(ferry.source, 2)
    assert ferry.parom("approve").returncode == 10
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: at_work(ferry) == "cutover.await", "it waits for the approval")
    own = ferry.parom("approve")
    assert own.returncode == 10
    assert "access.approval-refused" in own.stderr
    assert get(ferry, "/health/")["version"] == 1
    argv = [sys.executable, "-c", _AS_SOMEBODY_ELSE, "--config", str(ferry.config), "approve"]
    approved = subprocess.run(argv, capture_output=True, text=True, timeout=600, check=False)
    assert approved.returncode == 0, approved.stdout + approved.stderr
    assert "approved by ivan (lead)" in approved.stdout
    assert get(ferry, "/health/")["version"] == 2


@pytest.mark.long
def test_hours_bind_a_deployment_and_never_a_rollback(start: Start) -> None:
    """R-9.2."""
    ferry = start()
    with_rules(
        ferry,
        '[windows]\ntimezone = "UTC"\nrecommended = []\nreserve = []\navoid = ["00:00-00:00"]\n',
    )
    write_project(ferry.source, 2)
    refused = ferry.parom("deploy")
    assert refused.returncode == 10
    assert "window.avoided" in refused.stderr
    assert ferry.parom("deploy", "--override").returncode == 2
    assert ferry.parom("deploy", "--at", "next-window").returncode == 2
    assert get(ferry, "/health/")["version"] == 1
    over = ferry.events("deploy", "--override", "--reason", "a security fix")
    (started,) = (one for one in over if one["kind"] == "started")
    assert started["data"]["plan"]["override"]
    assert started["data"]["plan"]["reason"] == "a security fix"
    assert over[-1]["data"]["exit_code"] == 0
    assert ferry.parom("rollback").returncode == 0
    assert get(ferry, "/health/")["version"] == 1
