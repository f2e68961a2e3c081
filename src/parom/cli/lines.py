"""Events in words, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parom.journal.told import Told
from parom.words.titles import doing, done


def line_of(told: Told) -> str:
    """The line for an event; empty where it is not worth one."""
    at = datetime.fromisoformat(told.at).astimezone().strftime("%H:%M:%S")
    text = _text(told)
    return f"{at}  {text}" if text else ""


def _text(told: Told) -> str:
    data = told.data
    match told.kind:
        case "started":
            return f"▶ {data['kind']}: {data['asked']}, asked for by {data['who']}"
        case "intent":
            return f"· {doing(told.step)} ..."
        case "ok":
            return "✓ " + _with_detail(done(told.step), told)
        case "failed" | "undo-failed":
            what = doing(told.step)
            return f"✗ {what} failed: {data['fact']} {data['cure']} [{data['id']}]"
        case "finding":
            return f"  {data['level']}: {shortened(data['fact'])}" if _is_worth_it(data) else ""
        case "check-failed":
            return f"  failed {data['where']}: {data['name']}: {data['detail']}"
        case "looked":
            return f"  an earlier attempt was found {data['seen']}: {doing(told.step)}"
        case "turned-back":
            back = "going back"
            return f"↩ {back if 'error' in data else 'taking it back: ' + data['why']}"
        case "waits-for-window":
            until = datetime.fromisoformat(data["until"])
            return f"  waits until {until:%H:%M on %d.%m.} ({data['zone']}): the window opens then"
        case "waits-for-approval":
            return f"  waits for `parom approve` by {' or '.join(data['roles'])}"
        case "approved":
            return f"  approved by {data['who']} ({', '.join(data['roles'])})"
        case "budget-overrun":
            return f"  late: {late(data)}"
        case "undone":
            return "↩ taken back: " + _with_detail(done(told.step), told)
    return ""


def late(data: dict[str, Any]) -> str:
    """Which part was over its budget."""
    name = {"prepare": "the preparation", "cutover": "the cutover"}.get(data["phase"], "all of it")
    return f"{name} took more than the {data['budget_s']:g} s that were planned"


def _with_detail(text: str, told: Told) -> str:
    detail = detail_of(told.step, told.data)
    return f"{text}: {detail}" if detail else text


def _is_worth_it(finding: dict[str, Any]) -> bool:
    return str(finding["level"]) != "info"


def shortened(fact: str) -> str:
    """The first sentence of a finding; `parom report --json` has all of it."""
    first, stop, rest = fact.partition(". ")
    return first + "." if stop and rest else fact


def detail_of(step: str, data: dict[str, Any]) -> str:
    """What a step's result says, in a few words."""
    match step:
        case "gates.code" if "pending" in data:
            return f"{counted(len(data['pending']), 'migration')} pending, " + counted(
                data["warnings"], "warning"
            )
        case "backup.online" | "backup.final" if "backup" in data:
            return f"{data['backup']}, {counted(data['rows'], 'row')}"
        case "cutover.await" if data.get("approved_by"):
            return f"approved by {', '.join(data['approved_by'])}"
        case "rehearsal.run" if "predicted_stop_s" in data:
            return f"predicted stop {data['predicted_stop_s']} s"
        case "database.migrate" if data.get("applied"):
            return f"{counted(len(data['applied']), 'migration')} in {data['seconds']:.2f} s"
        case "capture.install" | "capture.collect" if "file" in data:
            return _kept(data)
        case "database.snapshot" if "swapped" in data:
            return "swapped in" if data["swapped"] else str(data["why"])
        case "watch.run" if "verdict" in data:
            return str(data["verdict"])
    return ""


def _kept(data: dict[str, Any]) -> str:
    parts = []
    if data["quarantined"]:
        parts.append(f"{counted(data['quarantined'], 'row')} in quarantine: {data['file']}")
    if data.get("compared"):
        parts.append(f"compared with the snapshot: {', '.join(data['compared'])}")
    if data.get("not_covered"):
        parts.append(f"NOT COVERED, look yourself: {', '.join(data['not_covered'])}")
    return "; ".join(parts)


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
