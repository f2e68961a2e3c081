"""One deployment of the demonstration, as the clients and the journal saw it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from parom.demo.stage import Stage
from parom.demo.tally import Requests, read_load, requests_between


@dataclass(frozen=True)
class Crossing:
    """Seconds."""

    exit_code: int
    outcome: str
    predicted_stop_s: float
    actual_stop_s: float
    rollback_s: float
    requests: Requests
    report: str
    """The page that a person reads."""


def cross(stage: Stage, release: str, records_file: Path) -> Crossing:
    """Take a release over, or see it come back."""
    stage.build(release)
    code = deploy(stage)
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


def deploy(stage: Stage) -> int:
    """Its exit code."""
    command = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config), "deploy"]
    return subprocess.run(command, check=False).returncode


def _events(stage: Stage) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config)]
    ran = subprocess.run([*command, "report", "--json"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _at(events: list[dict[str, Any]], kind: str, step: str) -> float:
    for one in events:
        if one["kind"] == kind and (not step or one["step"] == step):
            return datetime.fromisoformat(one["at"]).timestamp()
    return 0.0
