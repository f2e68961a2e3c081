"""Evidence from nothing bad having been seen."""

from __future__ import annotations

from parom.verdict.evidence import Evidence
from parom.verdict.observed import Observed
from parom.verdict.outcome import Outcome
from parom.verdict.series import Series
from parom.words.said import said


def proven(watch: Observed, series: Series, fact: str) -> Evidence:
    """Good where somebody looked for long enough; else missing, which is never good."""
    if watch.covers(series):
        return Evidence(series.name or series.kind, Outcome.PASS, fact)
    coverage = watch.coverage.get(series)
    seen, whole = coverage.seconds if coverage else 0.0, watch.parameters.watch_s
    missing = said(
        "{series}: watched for {seen:.0f} s of {whole:.0f} s",
        series=series.described,
        seen=seen,
        whole=whole,
    )
    return Evidence(series.name or series.kind, Outcome.INCONCLUSIVE, missing)
