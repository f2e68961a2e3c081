"""What the demonstration came to, and whether that is what Parom promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from parom.demo.crossing import Crossing
from parom.demo.stage import Stage
from parom.demo.tally import Writes
from parom.errors import demo as errors
from parom.words.said import joined, said


def summary(stage: Stage, first: Crossing, second: Crossing, found: Writes) -> dict[str, Any]:
    """What `summary.json` holds."""
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


def judge(first: Crossing, second: Crossing, found: Writes) -> None:
    """Raises `demo.not-as-promised`."""
    wrong = list(_broken(first, second, found))
    if wrong:
        raise errors.not_as_promised(joined(wrong, "; "))


def _broken(first: Crossing, second: Crossing, found: Writes) -> Iterator[str]:
    if first.exit_code != 0:
        yield said("r2 ended with {code}", code=first.exit_code)
    if first.requests.failed:
        yield said("{n} requests failed on the way to r2", n=first.requests.failed)
    if second.exit_code not in (20, 21):
        yield said("r3 ended with {code} instead of coming back", code=second.exit_code)
    if found.quarantined:
        yield said("{n} writes are in quarantine; r3 lets all come along", n=found.quarantined)
    if found.lost:
        yield said("{n} acknowledged writes are nowhere", n=len(found.lost))
