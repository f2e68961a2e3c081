"""Plays the demonstration and writes `summary.json`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from parom.demo.configuration import recipient_of, write_config
from parom.demo.set_up import staged
from parom.demo.stage import DatabaseKind, Stage, load_process
from parom.demo.tally import (
    Requests,
    Writes,
    names_in_file,
    names_on_server,
    read_load,
    requests_between,
    writes,
)
from parom.errors import demo as errors
from parom.words.said import said

ROWS = 50_000
_NAMED: dict[DatabaseKind, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Crossing:
    """One deployment as the clients and the journal saw it. Seconds."""

    exit_code: int
    outcome: str
    predicted_stop_s: float
    actual_stop_s: float
    rollback_s: float
    requests: Requests
    report: str
    """The page that a person reads."""


def play(top: Path, hrhelper: Path, database: DatabaseKind = "sqlite") -> None:
    """r1 under load, over to r2, over to r3 and back.

    Raises `demo.not-as-promised`; before anything is begun `demo.no-hrhelper` and
    `demo.no-postgresql`.
    """
    with staged(top, hrhelper, database) as stage:
        _say(f"Production of HR Helper r1 in {stage.root}, on {_NAMED[stage.kind]}")
        stage.build("r1")
        _deploy(stage, expected=0)
        stage.manage("seed", "--rows", str(ROWS))
        stage.manage("ensure_api_token", "--username", "checks", "--file", str(stage.headers))
        write_config(stage, recipient_of(stage), checks=True)
        _say(f"{ROWS} rows; readers and writers are at work from here on")
        records_file = top / "load.jsonl"
        load = load_process(stage, records_file)
        try:
            first = _cross(stage, "r2", records_file)
            second = _cross(stage, "r3", records_file)
        finally:
            load.terminate()
            load.wait()
        quarantine = stage.root / ".parom" / "quarantine"
        found = writes(read_load(records_file), _names(stage), quarantine)
    summary = _summary(stage, first, second, found)
    (top / "summary.json").write_text(json.dumps(summary, indent=1), "utf-8")
    _show(top, first, second, found)
    _judge(first, second, found)


def _names(stage: Stage) -> dict[str, str]:
    return names_on_server(stage.server.url) if stage.server else names_in_file(stage.database)


def _deploy(stage: Stage, expected: int | None = None) -> int:
    command = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config), "deploy"]
    code = subprocess.run(command, check=False).returncode
    if expected is not None and code != expected:
        what = said("a deployment ended with {code}, not {expected}", code=code, expected=expected)
        raise errors.not_as_promised(what)
    return code


def _cross(stage: Stage, release: str, records_file: Path) -> Crossing:
    _say(f"HR Helper {release} goes over")
    stage.build(release)
    code = _deploy(stage)
    events = _events(stage)
    hold, opened, back, end = (
        _at(events, "intent", "gateway.hold"),
        _at(events, "ok", "gateway.open"),
        _at(events, "turned-back", ""),
        _at(events, "finished", ""),
    )
    settled = _at(events, "undone", "gateway.hold") or end
    results = {one["step"]: one["data"] for one in events if one["kind"] == "ok"}
    outcome = next(one["data"]["outcome"] for one in events if one["kind"] == "finished")
    time.sleep(1)
    return Crossing(
        exit_code=code,
        outcome=outcome,
        predicted_stop_s=results.get("rehearsal.run", {}).get("predicted_stop_s", 0.0),
        actual_stop_s=round(opened - hold, 2),
        rollback_s=round(settled - back, 2) if back else 0.0,
        requests=requests_between(read_load(records_file), hold, settled),
        report=str(max((stage.root / ".parom" / "runs").iterdir()) / "report.html"),
    )


def _events(stage: Stage) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config)]
    ran = subprocess.run([*command, "report", "--json"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _at(events: list[dict[str, Any]], kind: str, step: str) -> float:
    for one in events:
        if one["kind"] == kind and (not step or one["step"] == step):
            return datetime.fromisoformat(one["at"]).timestamp()
    return 0.0


def _summary(stage: Stage, first: Crossing, second: Crossing, found: Writes) -> dict[str, Any]:
    return {
        "database": stage.kind,
        "outcome": {"r2": first.outcome, "r3": second.outcome},
        "downtime": {
            name: {
                "longest_wait_s": one.requests.longest_wait_s,
                "failed_requests": one.requests.failed,
                "refused_503": one.requests.refused,
                "requests": one.requests.total,
            }
            for name, one in (("r2", first), ("r3", second))
        },
        "predicted_stop_s": {"r2": first.predicted_stop_s, "r3": second.predicted_stop_s},
        "actual_stop_s": {"r2": first.actual_stop_s, "r3": second.actual_stop_s},
        "rollback_s": second.rollback_s,
        "writes": {
            "acknowledged": found.acknowledged,
            "present": found.present,
            "quarantined": found.quarantined,
            "lost": len(found.lost),
        },
        "crossings": {"r2": asdict(first), "r3": asdict(second)},
        "reports": {
            "r2": first.report,
            "r3": second.report,
            "journal": str(stage.root / ".parom" / "journal.sqlite3"),
            "runs": str(stage.root / ".parom" / "runs"),
            "quarantine": str(stage.root / ".parom" / "quarantine"),
        },
    }


def _show(top: Path, first: Crossing, second: Crossing, found: Writes) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What the clients saw")
    for column in ("", "r1 → r2", "r2 → r3 and back"):
        table.add_column(column, justify="left" if not column else "right")
    rows = [
        ("outcome", first.outcome, second.outcome),
        ("stop, predicted", f"{first.predicted_stop_s} s", f"{second.predicted_stop_s} s"),
        ("stop, actual", f"{first.actual_stop_s} s", f"{second.actual_stop_s} s"),
        ("return", "-", f"{second.rollback_s} s"),
        ("requests meanwhile", str(first.requests.total), str(second.requests.total)),
        ("failed", str(first.requests.failed), str(second.requests.failed)),
        ("clean 503", str(first.requests.refused), str(second.requests.refused)),
        (
            "longest wait",
            f"{first.requests.longest_wait_s} s",
            f"{second.requests.longest_wait_s} s",
        ),
    ]
    for row in rows:
        table.add_row(*row)
    console = Console()
    console.print(table)
    console.print(
        f"writes acknowledged {found.acknowledged}: in the database {found.present}, "
        f"in quarantine {found.quarantined}, lost {len(found.lost)}"
    )
    console.print(f"reports: {first.report}\n         {second.report}", soft_wrap=True)
    console.print(f"summary: {top / 'summary.json'}", soft_wrap=True)


def _judge(first: Crossing, second: Crossing, found: Writes) -> None:
    wrong = []
    if first.exit_code != 0:
        wrong.append(f"r2 ended with {first.exit_code}")
    if first.requests.failed:
        wrong.append(f"{first.requests.failed} requests failed on the way to r2")
    if second.exit_code not in (20, 21):
        wrong.append(f"r3 ended with {second.exit_code} instead of coming back")
    if found.quarantined:
        wrong.append(f"{found.quarantined} writes are in quarantine; r3 lets all come along")
    if found.lost:
        wrong.append(f"{len(found.lost)} acknowledged writes are nowhere")
    if wrong:
        raise errors.not_as_promised("; ".join(wrong))


def _say(text: str) -> None:
    click.secho(f"\n== {text}", bold=True)
