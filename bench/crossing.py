"""The same crossing by Parom, under the same load, and the return by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.data import Dataset
from bench.memory import PeakMemory
from bench.start_up import start_up
from bench.traffic import traffic
from bench.writes import where
from parom.config.reading import read
from parom.demo.configuration import recipient_of, write_config
from parom.demo.set_up import make_stage, shut_down
from parom.demo.stage import Stage
from parom.wiring import installation_of

_LIMITS = """
# The load is chosen to be heavy for two processors; half of them is not its limit.
[limits]
cpu_percent = 100
"""


def run_parom(top: Path, hrhelper: Path, data: Dataset, rate: float) -> dict[str, Any]:
    """Over to r2 by `parom deploy`, then back by `parom rollback`."""
    stage = make_stage(top, hrhelper)
    try:
        _install(stage, data)
        with traffic(data, stage.url.removeprefix("http://"), top, rate) as load:
            stage.build("r2")
            with load.crossing("over"):
                over = _parom(stage, 0, "deploy")
            over_writes = where(load.keys(), stage.database)
            with load.crossing("back"):
                back = _parom(stage, 21, "rollback", "--reason", "to see how long it takes")
        quarantine = stage.root / ".parom" / "quarantine"
        found = {
            "over": {**asdict(load.seen("over")), **over},
            "back": {**asdict(load.seen("back")), **back},
            "writes_over": asdict(over_writes),
            "writes": asdict(where(load.keys(), stage.database, quarantine)),
            "status": asdict(start_up(stage.config)),
        }
    finally:
        shut_down(stage)
    for name in ("installation", "vault"):
        shutil.rmtree(top / name)
    return found


def _install(stage: Stage, data: Dataset) -> None:
    """r1, with the data in the place of its empty database, and all checks that the
    demonstration has."""
    stage.build("r1")
    _parom(stage, 0, "deploy")
    services = installation_of(read(stage.config)).services
    services.stop()
    for suffix in ("-wal", "-shm"):
        stage.database.with_name(stage.database.name + suffix).unlink(missing_ok=True)
    data.copy_to(stage.database)
    services.start_background()
    services.start_web()
    shutil.copy(data.headers, stage.headers)
    write_config(stage, recipient_of(stage), checks=True)
    with stage.config.open("a", encoding="utf-8") as config:
        config.write(_LIMITS)


def _parom(stage: Stage, expected: int, *arguments: str) -> dict[str, Any]:
    """Run a command; its seconds, steps and peak memory. Anything unexpected ends the bench."""
    argv = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config), *arguments]
    began = time.time()
    process = subprocess.Popen(argv)
    with PeakMemory({process.pid, *_standing(stage)}, stage.root) as memory:
        code = process.wait()
    if code != expected:
        message = f"parom {arguments[0]} ended with {code}, not {expected}"
        raise RuntimeError(message)
    events = _events(stage)
    results = {one["step"]: one["data"] for one in events if one["kind"] == "ok"}
    return {
        "seconds": round(time.time() - began, 3),
        "until_open_s": round(_opened(events) - began, 3),
        "peak_memory_bytes": memory.peak_bytes,
        "peak_made_of": memory.made_of,
        "steps": _steps(events),
        **_of_deployment(results, _steps(events), stage),
    }


def _of_deployment(
    results: dict[str, Any], steps: dict[str, float], stage: Stage
) -> dict[str, Any]:
    """What only a deployment has: its prediction, the migrations' own time, the backup's speed."""
    if "rehearsal.run" not in results:
        return {}
    size = stage.database.stat().st_size
    return {
        "predicted_stop_s": results["rehearsal.run"]["predicted_stop_s"],
        "migration_sql_s": sum(one["seconds"] for one in results["database.migrate"]["applied"]),
        "backup_mb_per_s": round(size / 1e6 / steps["backup.online"], 1),
    }


def _standing(stage: Stage) -> list[int]:
    """The supervisor, which runs before and after: the doorman is its child."""
    file = stage.root / ".parom" / "supervisor" / "process.json"
    return [int(json.loads(file.read_text("utf-8"))["pid"])] if file.exists() else []


def _events(stage: Stage) -> list[dict[str, Any]]:
    """The last run's events."""
    argv = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config)]
    ran = subprocess.run([*argv, "report", "--json"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _steps(events: list[dict[str, Any]]) -> dict[str, float]:
    began: dict[str, float] = {}
    found = {}
    for one in events:
        if one["kind"] == "intent":
            began[one["step"]] = _at(one)
        elif one["kind"] == "ok":
            found[one["step"]] = round(_at(one) - began[one["step"]], 3)
    return found


def _opened(events: list[dict[str, Any]]) -> float:
    return max(_at(one) for one in events if one["kind"] == "ok" and one["step"] == "gateway.open")


def _at(event: dict[str, Any]) -> float:
    return datetime.fromisoformat(event["at"]).timestamp()
