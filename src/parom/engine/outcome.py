"""How a run ended, derived from what its steps say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parom.errors import ExitCode
from parom.journal.record import StepRecord
from parom.plan.plan import PREPARE, Kind
from parom.words.said import recorded_all

INCONCLUSIVE = "deployed, watch inconclusive"
"""The release runs and was accepted; what was not seen is listed for a person."""


@dataclass(frozen=True)
class Outcome:
    """The end, or the halt, of a run."""

    state: str
    """finished or held."""
    outcome: str
    exit_code: int
    data: dict[str, Any]


def outcome_after_return(
    steps: Mapping[str, StepRecord], turned_back: Mapping[str, Any]
) -> Outcome:
    """What a run that went back amounts to: refused, rolled back, with or without quarantine.

    `turned_back` is what was written down when it turned: the reason, in `error`.
    """
    failed = turned_back.get("error", {})
    rows = _rows(steps)
    quarantined, carried = int(rows.get("quarantined", 0)), int(rows.get("carried", 0))
    not_covered = list(rows.get("not_covered", ()))
    data = {"error": failed, "quarantined": quarantined, "not_covered": not_covered}
    data |= {"carried": carried}
    if set(steps) <= set(PREPARE):
        return Outcome("finished", "refused", ExitCode.REFUSED, data)
    if quarantined or not_covered:
        code = ExitCode.ROLLED_BACK_WITH_QUARANTINE
        return Outcome("finished", "rolled back with quarantine", code, data)
    return Outcome("finished", "rolled back", ExitCode.ROLLED_BACK, data)


def _rows(steps: Mapping[str, StepRecord]) -> Mapping[str, Any]:
    """What became of the rows: as it was told last, where carrying them was given up."""
    results = {name: record.undo_result for name, record in steps.items()}
    given_up = results.get("services.stop", {}).get("rows")
    return dict(given_up or results.get("capture.install", {}))


def as_kind(kind: Kind, outcome: Outcome, results: Mapping[str, Mapping[str, Any]]) -> Outcome:
    """The same end in the words of what was asked for.

    A rollback by hand that went well is a success; rows that it could not keep change the
    exit code all the same.
    """
    if kind is Kind.REHEARSAL and outcome.exit_code == ExitCode.DONE:
        return Outcome("finished", "planned", ExitCode.DONE, dict(results.get("rehearsal.run", {})))
    if kind is Kind.RECOVERY and outcome.exit_code == ExitCode.ROLLED_BACK:
        return Outcome("finished", "recovery failed", ExitCode.NEEDS_PERSON, outcome.data)
    if kind is not Kind.ROLLBACK:
        return _watched(outcome, results.get("watch.run", {}))
    if outcome.state == "finished" and outcome.exit_code == ExitCode.DONE:
        collected = dict(results.get("capture.collect", {}))
        if collected.get("quarantined") or collected.get("not_covered"):
            code = ExitCode.ROLLED_BACK_WITH_QUARANTINE
            return Outcome("finished", "rolled back with quarantine", code, collected)
        return Outcome("finished", "rolled back", ExitCode.DONE, collected)
    if outcome.exit_code == ExitCode.ROLLED_BACK:
        name = "rollback failed, the newer release runs"
        return Outcome("finished", name, ExitCode.ROLLED_BACK, outcome.data)
    return outcome


def _watched(outcome: Outcome, watch: Mapping[str, Any]) -> Outcome:
    """A deployment whose watch saw too little is not called good: a person looks."""
    if outcome.exit_code == ExitCode.DONE and watch.get("verdict") == "inconclusive":
        missing = {"missing": list(recorded_all(watch, "missing"))}
        return Outcome("finished", INCONCLUSIVE, ExitCode.NEEDS_PERSON, missing)
    return outcome
