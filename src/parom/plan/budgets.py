"""How long the parts of a deployment may take (R-9.1). Pure: what was spent is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parom.plan.plan import phase_of

TOTAL = "in all"


@dataclass(frozen=True)
class Budgets:
    """Seconds. The watch's own is its length in the configuration."""

    preparation_s: float
    cutover_s: float
    total_s: float


@dataclass(frozen=True)
class Overrun:
    """A part that took longer than planned; seconds."""

    phase: str
    spent_s: float
    budget_s: float

    def as_record(self) -> dict[str, Any]:
        return {
            "phase": self.phase,
            "spent_s": round(self.spent_s, 1),
            "budget_s": self.budget_s,
        }


def overruns(
    budgets: Budgets, began: Mapping[str, float], now: float, waited_s: float = 0.0
) -> tuple[Overrun, ...]:
    """The parts that are over their budget at `now`; see `spent_s`."""
    limits = {
        "prepare": budgets.preparation_s,
        "cutover": budgets.cutover_s,
        TOTAL: budgets.total_s,
    }
    spent = spent_s(began, now, waited_s)
    return tuple(
        Overrun(phase, spent[phase], limit)
        for phase, limit in limits.items()
        if spent.get(phase, 0.0) > limit
    )


def spent_s(began: Mapping[str, float], now: float, waited_s: float = 0.0) -> dict[str, float]:
    """Seconds by part up to `now`; the parts that have not begun are not in it.

    `began` has the steps that have begun, in order, with their times (epoch seconds);
    `waited_s` is how long the preparation waited for its hour or for an approval, which is no
    work of its own.
    """
    starts: dict[str, float] = {}
    for step, at in began.items():
        starts.setdefault(phase_of(step), at)
    if not starts:
        return {}
    spent = {
        "prepare": _between(starts, "prepare", ("cutover", "watch"), now) - waited_s,
        "cutover": _between(starts, "cutover", ("watch",), now),
        "watch": _between(starts, "watch", (), now),
    }
    parts = {phase: seconds for phase, seconds in spent.items() if phase in starts}
    return {**parts, TOTAL: now - min(starts.values()) - waited_s}


def _between(starts: Mapping[str, float], phase: str, later: tuple[str, ...], now: float) -> float:
    if phase not in starts:
        return 0.0
    end = next((starts[one] for one in later if one in starts), now)
    return end - starts[phase]
