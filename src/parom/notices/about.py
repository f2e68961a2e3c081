"""What a run is about, as its first event says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from parom.journal.told import Told
from parom.plan.plan import Kind, phase_of


@dataclass(frozen=True)
class Setting:
    """What notices need to know of parom.toml."""

    project: str
    environment: str
    zone: tzinfo | None
    """In which times are told; None for this machine's."""
    baseline_s: float
    """Between the end of what is waited for and the cutover lies the baseline."""


@dataclass(frozen=True)
class About:
    """One run."""

    run_id: str
    kind: Kind
    who: str
    described: str
    release: str
    earlier: str
    """What ran before; empty where nothing did."""
    reason: str


def about_of(run_id: str, events: Sequence[Told]) -> About | None:
    """None where nothing is told of the run: it has not begun, or changes nothing."""
    started = next((one.data for one in events if one.kind == "started"), None)
    if started is None or started["kind"] == Kind.REHEARSAL:
        return None
    plan: dict[str, Any] = started["plan"]
    return About(
        run_id=run_id,
        kind=Kind(started["kind"]),
        who=str(started["who"]),
        described=str(plan["described"]),
        release=str(plan["release_id"]),
        earlier=str(plan.get("from_release", "")),
        reason=str(plan.get("reason", "")),
    )


def in_cutover(events: Sequence[Told]) -> bool:
    """Whether production was touched."""
    return any(one.kind == "intent" and phase_of(one.step) != "prepare" for one in events)
