"""Runs as a journal would have them, made by hand so that every figure is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from parom.journal.told import Told
from parom.plan.budgets import Budgets
from parom.plan.plan import STEPS_OF, Kind, Plan
from parom.report.sources import Sources
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    Probed,
    Sample,
    Used,
)
from parom.verdict.signature import Signature

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
Row = tuple[float, str, str, dict[str, Any]]

PREPARED: tuple[Row, ...] = (
    (0, "started", "", {"kind": "deploy", "who": "olga", "asked": "main"}),
    (0, "engine", "", {"epoch": 1}),
    (1, "intent", "installation.adopt", {}),
    (1, "ok", "installation.adopt", {"release": "r1"}),
    (1, "intent", "release.fetch", {}),
    (2, "ok", "release.fetch", {"release": "r2"}),
    (2, "intent", "gates.code", {}),
    (2.5, "finding", "gates.code",
     {"gate": "deploy check", "level": "warning", "fact": "W004: no HSTS", "cure": "Set it."}),
    (3, "ok", "gates.code", {"pending": ["notes.0002"], "warnings": 1}),
    (3, "intent", "backup.online", {}),
    (9, "ok", "backup.online",
     {"backup": "b1", "verified": True, "how": "restored", "rows": 500, "cipher_bytes": 9000}),
    (9, "intent", "rehearsal.run", {}),
    (14, "ok", "rehearsal.run",
     {"migration_s": 1.0, "start_s": 0.5, "return_s": 0.002, "predicted_stop_s": 2.0,
      "checked": ["health /: HTTP 200"], "returned": ["health /: HTTP 200", "GET /x: HTTP 200"]}),
    (14, "intent", "cutover.await", {}),
    (15, "approved", "", {"who": "ivan", "roles": ["lead"]}),
    (16, "ok", "cutover.await", {"waited_s": 2.0, "hours": "reserve", "approved_by": ["ivan"]}),
    (16, "intent", "baseline.measure", {}),
    (26, "ok", "baseline.measure", {}),
)  # fmt: skip
CROSSED: tuple[Row, ...] = (
    (30, "intent", "gateway.hold", {}),
    (30, "ok", "gateway.hold", {"state": "held"}),
    (30, "intent", "services.stop", {}),
    (31, "ok", "services.stop", {"stopped": ["web", "worker"]}),
    (31, "intent", "release.switch", {}),
    (31, "ok", "release.switch", {"from": "r1", "to": "r2"}),
    (31, "intent", "database.snapshot", {}),
    (31, "ok", "database.snapshot", {"snapshot": "s"}),
    (31, "intent", "database.migrate", {}),
    (33, "ok", "database.migrate",
     {"seconds": 1.8, "applied": [{"migration": "notes.0002", "seconds": 1.8}]}),
    (33, "intent", "services.private", {}),
    (33.4, "ok", "services.private", {}),
    (33.4, "intent", "checks.private", {}),
    (33.8, "ok", "checks.private",
     {"passed": ["health /: HTTP 200", "test_x.py::test_it: passed"]}),
    (33.8, "intent", "gateway.open", {}),
    (34, "ok", "gateway.open", {"state": "open"}),
    (34, "intent", "services.web", {}),
    (34.5, "ok", "services.web", {"services": [{"name": "web", "state": "running"}]}),
)  # fmt: skip
PASSED: tuple[Row, ...] = (
    (35, "intent", "watch.run", {}),
    (65, "ok", "watch.run",
     {"verdict": "pass", "missing": [], "seconds": 30, "criteria": {
         "success": [{"criterion": "no critical errors in the logs", "outcome": "pass",
                      "evidence": [{"source": "web", "outcome": "pass", "fact": "read"}]}],
         "rollback": []}}),
    (66, "finished", "", {"outcome": "deployed", "exit_code": 0}),
)  # fmt: skip
WENT_BACK: tuple[Row, ...] = (
    (35, "intent", "watch.run", {}),
    (45, "verdict", "watch.run", {"criteria": {"success": [], "rollback": [
        {"criterion": "endpoints unreachable", "outcome": "fail",
         "evidence": [{"source": "/x", "outcome": "fail", "fact": "/x: 5 errors"}]}]}}),
    (45, "failed", "watch.run", {"id": "watch.alarm", "fact": "/x: 5 errors.", "cure": "Look."}),
    (45, "turned-back", "", {"step": "watch.run", "error":
        {"id": "watch.alarm", "fact": "/x: 5 errors.", "cure": "Look."}}),
    (45, "undo-intent", "gateway.open", {}),
    (46, "undone", "gateway.open", {}),
    (46, "undo-intent", "capture.install", {}),
    (46, "undone", "capture.install",
     {"quarantined": 3, "tables": {"notes": 2, "tags": 1}, "file": "/q/rows.jsonl",
      "reasons": {"refused": 3}, "carried": 4, "carried_tables": {"notes": 4}}),
    (46, "undo-intent", "database.migrate", {}),
    (46, "undone", "database.migrate", {}),
    (46, "undo-intent", "release.switch", {}),
    (46, "undone", "release.switch", {"to": "r1"}),
    (46, "undo-intent", "database.snapshot", {}),
    (47, "undone", "database.snapshot", {"swapped": True}),
    (47, "undo-intent", "services.stop", {}),
    (48, "undone", "services.stop", {"verified": ["health /: HTTP 200"]}),
    (48, "undo-intent", "gateway.hold", {}),
    (49, "undone", "gateway.hold", {"state": "open"}),
    (50, "finished", "", {"outcome": "rolled back with quarantine", "exit_code": 21,
        "error": {"id": "watch.alarm", "fact": "/x: 5 errors.", "cure": "Look."}}),
)  # fmt: skip


DIGEST: dict[str, Any] = {
    "release": "r2", "began": BEGAN.timestamp() + 66, "until": BEGAN.timestamp() + 86_466,
    "at": BEGAN.timestamp() + 86_466, "watched_s": 86_400.0, "requests": 8640, "failed": 0,
    "availability": 1.0, "median_s": 0.012, "median_before_s": 0.01,
    "endpoints": [{"name": "/x", "requests": 8640, "failed": 0, "median_s": 0.012,
                   "p90_s": 0.02, "median_before_s": 0.01, "p90_before_s": 0.015}],
    "errors": 0, "new_errors": [], "new_signatures": 0, "restarts": [["web", 0]],
    "memory_most_bytes": 300_000_000, "memory_before_bytes": 200_000_000, "alarms": [],
    "missing": [],
}  # fmt: skip
ORDERED: Row = (67, "day-ordered", "", {"until": BEGAN.timestamp() + 86_466})


def told(*rows: Row) -> tuple[Told, ...]:
    return tuple(
        Told((BEGAN + timedelta(seconds=at)).isoformat(), kind, step, data)
        for at, kind, step, data in rows
    )


def plan_of(kind: Kind = Kind.DEPLOY, **changes: Any) -> Plan:
    made = Plan(
        kind, "run-1", "production", STEPS_OF[kind], "r2", "repo main",
        revision="abc123", from_release="r1", snapshot_id="s",
    )  # fmt: skip
    return replace(made, **changes)


def sources_of(
    rows: tuple[Row, ...], exit_code: int | None, outcome: str = "", **changes: Any
) -> Sources:
    made = Sources(
        project="notes",
        plan=changes.pop("plan", plan_of()),
        who="olga",
        asked="main",
        started=BEGAN.isoformat(),
        state="finished" if exit_code is not None else "running",
        outcome=outcome,
        exit_code=exit_code,
        events=told(*rows),
        budgets=Budgets(1800, 900, 4500),
        watch_s=30,
    )
    return replace(made, **changes)


def deployed(**changes: Any) -> Sources:
    """A good one, with everything measured."""
    measured = {"before": before(), "after": after(), **changes}
    return sources_of(PREPARED + CROSSED + PASSED, 0, "deployed", **measured)


def rolled_back(**changes: Any) -> Sources:
    """One that the watch brought back, with rows in quarantine."""
    measured = {"before": before(), "after": after(), **changes}
    rows = PREPARED + CROSSED + WENT_BACK
    return sources_of(rows, 21, "rolled back with quarantine", **measured)


def before() -> tuple[Sample, ...]:
    return tuple(Probed("/x", Answer(_at(16 + n / 10), 200, 0.01)) for n in range(100))


def after(signature: Signature | None = None) -> tuple[Sample, ...]:
    """Probes twice as slow, one of them failed; memory near its limit; a flaky check."""
    seen = signature or Signature("ValueError", "notes/views.py", "notes", "bad")
    probes = tuple(
        Probed("/x", Answer(_at(35 + n / 10), 500 if n == 50 else 200, 0.02)) for n in range(100)
    )
    return (
        *probes,
        Used(_at(40), 500_000_000, 0.1),
        LogLooked("web", _at(40), (LogEntry(seen, "1"),)),
        Checked(CheckKind.FUNCTION, "test_it", _at(40), False, "slow today"),
        Checked(CheckKind.FUNCTION, "test_it", _at(50), True),
    )


def _at(seconds: float) -> float:
    return BEGAN.timestamp() + seconds
