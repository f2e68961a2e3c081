"""Events of a run, written down as short as a test can read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from parom.journal.told import Told
from parom.notices.about import Setting
from parom.plan.plan import Kind

BEGAN = datetime(2026, 3, 1, 9, 40, tzinfo=UTC)
SETTING = Setting("hr-helper", "production", UTC, baseline_s=300)


def started(kind: Kind = Kind.DEPLOY, **plan: Any) -> Told:
    given = {"described": "main 1a2b3c", "release_id": "r2", "from_release": "r1", **plan}
    data = {"kind": kind.value, "who": "olga", "asked": "main", "plan": given}
    return Told(_at(0), "started", "", data)


def at(seconds: float, kind: str, step: str = "", **data: Any) -> Told:
    return Told(_at(seconds), kind, step, data)


def error(named: str = "checks.failed", fact: str = "A check failed.") -> dict[str, Any]:
    return {"id": named, "fact": fact, "cure": "Correct it.", "exit_code": 10, "can_retry": False}


def _at(seconds: float) -> str:
    return (BEGAN + timedelta(seconds=seconds)).isoformat(timespec="microseconds")


PREPARED = (
    at(1, "intent", "gates.code"),
    at(2, "ok", "gates.code", pending=["a.0002", "a.0003"], warnings=0),
    at(3, "ok", "rehearsal.run", predicted_stop_s=2.4),
)
CUT_OVER = (
    at(1200, "intent", "gateway.hold"),
    at(1201, "ok", "gateway.hold"),
    at(1202, "intent", "services.stop"),
)
