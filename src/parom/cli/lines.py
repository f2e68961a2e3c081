"""Events in words, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parom.cli.told import Told

TITLES = {
    "installation.adopt": "What runs now is kept as a release",
    "release.fetch": "Release fetched",
    "release.build": "Environment built",
    "gates.code": "Gates on the new code",
    "backup.online": "Encrypted backup, restored and compared",
    "rehearsal.run": "Rehearsal on a copy of the data, with the return",
    "baseline.measure": "Baseline measured",
    "database.precopy": "Database copied ahead",
    "release.record": "Release complete",
    "migration.load": "Migration loaded, waiting",
    "gateway.hold": "Public held",
    "gateway.close": "Public sees the maintenance page",
    "services.stop": "Services stopped",
    "database.snapshot": "Snapshot of the database",
    "release.switch": "Release switched",
    "database.migrate": "Database migrated",
    "database.return": "Database of before swapped in",
    "capture.install": "Capture of writes installed",
    "capture.collect": "Writes since opening saved",
    "services.private": "New release started in private",
    "checks.private": "Checks before opening",
    "services.background": "Workers and schedulers started",
    "gateway.open": "Opened to the public",
    "services.web": "Web service took over",
    "backup.final": "Final backup, restored and compared",
    "watch.run": "Watch",
    "release.accept": "Release accepted",
}


def title(step: str) -> str:
    return TITLES.get(step, step)


def line_of(told: Told) -> str:
    """The line for an event; empty where it is not worth one."""
    at = datetime.fromisoformat(told.at).astimezone().strftime("%H:%M:%S")
    text = _text(told)
    return f"{at}  {text}" if text else ""


def _text(told: Told) -> str:
    data = told.data
    match told.kind:
        case "started":
            return f"▶ {data['kind']} of {data['asked']} by {data['who']}"
        case "intent":
            return f"· {title(told.step)} ..."
        case "ok":
            detail = detail_of(told.step, data)
            return f"✓ {title(told.step)}{': ' + detail if detail else ''}"
        case "failed" | "undo-failed":
            return f"✗ {title(told.step)}: {data['fact']} {data['cure']} [{data['id']}]"
        case "finding":
            return f"  {data['level']}: {data['fact']}" if data["level"] != "info" else ""
        case "check-failed":
            return f"  failed check {data['where']}: {data['name']}: {data['detail']}"
        case "looked":
            return f"  looked at {title(told.step)}: {data['seen']}"
        case "turned-back":
            return "↩ going back to the old release" if "error" in data else ""
        case "undone":
            detail = detail_of(told.step, data)
            return f"↩ taken back: {title(told.step)}{': ' + detail if detail else ''}"
        case "finished" | "held":
            return f"■ {data['outcome']} (exit {data['exit_code']})"
    return ""


def detail_of(step: str, data: dict[str, Any]) -> str:
    """What a step's result says, in a few words."""
    match step:
        case "gates.code" if "pending" in data:
            pending = len(data["pending"])
            return f"{pending} migration(s) pending, {data['warnings']} warning(s)"
        case "backup.online" | "backup.final" if "backup" in data:
            return f"{data['backup']}, {data['rows']} rows"
        case "rehearsal.run" if "predicted_stop_s" in data:
            return f"predicted stop {data['predicted_stop_s']} s, return {data['return_s']} s"
        case "database.migrate" if data.get("applied"):
            return f"{len(data['applied'])} migration(s) in {data['seconds']:.2f} s"
        case "capture.install" | "capture.collect" if data.get("quarantined"):
            return f"{data['quarantined']} row(s) in quarantine: {data['file']}"
        case "database.snapshot" if "swapped" in data:
            return "swapped in" if data["swapped"] else str(data["why"])
        case "watch.run" if "verdict" in data:
            return str(data["verdict"])
    return ""
