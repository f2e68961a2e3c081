"""The criteria of R-6 and R-7.1 as the watch judged them and the journal has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from parom.report.record import Criterion, Evidence
from parom.report.story import Story
from parom.words.said import recorded


def criteria_of(story: Story) -> tuple[Criterion, ...]:
    """Of the end of the watch, or of its alarm; none where an earlier Parom watched."""
    told = story.last("ok", "watch.run") or story.last("verdict", "watch.run")
    criteria: Mapping[str, Any] = told.data.get("criteria", {}) if told else {}
    return tuple(
        _criterion(of, one) for of in ("success", "rollback") for one in criteria.get(of, ())
    )


def outcomes(criteria: tuple[Criterion, ...], *names: str) -> Iterator[Criterion]:
    """Those of these names, success before rollback."""
    return (one for one in criteria if one.name in names)


def _criterion(of: str, data: Mapping[str, Any]) -> Criterion:
    evidence = tuple(
        Evidence(str(one["source"]), str(one["outcome"]), recorded(one, "fact"))
        for one in data.get("evidence", ())
    )
    return Criterion(str(data["criterion"]), of, str(data["outcome"]), evidence)
