"""A verdict as plain data, for the journal and whoever reads it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from parom.config.model import Config
from parom.verdict.criteria import Rollback, Success
from parom.verdict.evidence import Judged
from parom.verdict.outcome import Outcome
from parom.verdict.verdict import Verdict
from parom.words.said import joined, said

_MOST_SHOWN = 20


def as_record(verdict: Verdict) -> dict[str, list[dict[str, Any]]]:
    """The criteria of R-7.1 and R-6, each with its outcome and what it rests on."""
    return {
        "rollback": [_criterion(one) for one in verdict.rollback],
        "success": [_criterion(one) for one in verdict.success],
    }


def asked_for(verdict: Verdict, config: Config, logs: Collection[str]) -> tuple[Verdict, list[str]]:
    """The verdict on what the configuration asks for, and what it does not ask for.

    A team that has written no functional checks, or whose application keeps no log that Parom
    could read, is told so at each deployment; it is not held up by it.
    """
    left_out: dict[str, str] = {}
    if not config.checks.functional:
        left_out[Success.FUNCTIONS] = said(
            "no functional checks are configured (checks.functional)"
        )
    if not logs:
        left_out[Success.LOGS] = left_out[Rollback.LOGS] = said("no log is configured (watch.logs)")
    kept = replace(
        verdict,
        rollback=tuple(one for one in verdict.rollback if one.criterion not in left_out),
        success=tuple(one for one in verdict.success if one.criterion not in left_out),
    )
    names = [one.criterion for one in (*verdict.rollback, *verdict.success)]
    told = {_of(name, left_out[name]): None for name in names if name in left_out}
    if not config.watch.pages:
        told[said("page load within its limit: no pages are configured (watch.pages)")] = None
    return kept, list(told)


def unproven(verdict: Verdict) -> list[str]:
    """What keeps a verdict from being a pass, as sentences; empty for a pass."""
    if verdict.outcome is Outcome.PASS:
        return []
    return [_of(judged.criterion, evidence.fact) for judged, evidence in verdict.reasons] + [
        _of(judged.criterion, said("nothing was looked at"))
        for judged in verdict.unproven
        if not judged.evidence
    ]


def _of(criterion: Rollback | Success, fact: str) -> str:
    return joined([said(criterion.value), fact], ": ")


def _criterion(judged: Judged) -> dict[str, Any]:
    """With what decided it first: what is left out is never the reason."""
    evidence = sorted(judged.evidence, key=lambda one: one.outcome is not judged.outcome)
    return {
        "criterion": judged.criterion.value,
        "outcome": judged.outcome.value,
        "evidence": [
            {"source": one.source, "outcome": one.outcome.value, "fact": one.fact}
            for one in evidence[:_MOST_SHOWN]
        ],
    }
