"""Predicted against actual, and what each part took of its budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parom.plan.budgets import TOTAL, Budgets, spent_s
from parom.report.record import Bar, Compared, PhaseTime, Rehearsed
from parom.report.sources import Sources
from parom.report.stops import stopped_s
from parom.report.story import Story, at

ALL = "all"


def compared(story: Story, timeline: tuple[Bar, ...]) -> tuple[Compared, ...]:
    """What the rehearsal predicted beside what came; only where either is known."""
    rehearsed = story.result("rehearsal.run")
    returned = "database.snapshot" if story.undone("database.snapshot").get("swapped") else ""
    found = (
        Compared("stop", rehearsed.get("predicted_stop_s"), _first_stop(story)),
        Compared("migration", rehearsed.get("migration_s"), _migration_s(story)),
        Compared(
            "start",
            rehearsed.get("start_s"),
            _took(timeline, ("services.private", "checks.private"), "ok"),
        ),
        Compared("return", rehearsed.get("return_s"), _took(timeline, (returned,), "undone")),
    )
    return tuple(one for one in found if (one.predicted_s, one.actual_s) != (None, None))


def phases(sources: Sources, story: Story, timeline: tuple[Bar, ...]) -> tuple[PhaseTime, ...]:
    """What each part took; a return is not part of what had a budget, and of what follows the
    opening only the watch has one."""
    began = {step: since for step in sources.plan.steps if (since := story.began(step))}
    if not story.events or not began:
        return ()
    end = at(story.end or story.events[-1])
    turned = story.turned
    waited = float(story.result("cutover.await").get("waited_s", 0.0))
    spent = spent_s(began, at(turned) if turned else end, waited)
    budgets = _budgets(sources.budgets, sources.watch_s)
    found = [
        PhaseTime(phase, round(spent[phase], 2), budgets.get(phase))
        for phase in ("prepare", "cutover")
        if phase in spent
    ]
    watched = [one.seconds for one in timeline if one.step == "watch.run" and one.phase == "watch"]
    if watched and watched[-1] is not None:
        found.append(PhaseTime("watch", round(watched[-1], 2), budgets.get("watch")))
    if turned:
        found.append(PhaseTime("return", round(end - at(turned), 2), None))
    whole = round(spent[TOTAL] + (end - at(turned) if turned else 0.0), 2)
    return (*found, PhaseTime(ALL, whole, budgets.get(ALL)))


def late(story: Story) -> tuple[str, ...]:
    return tuple(
        ALL if one.data["phase"] == TOTAL else str(one.data["phase"])
        for one in story.all("budget-overrun")
    )


def rehearsed_in(run_id: str, story: Story) -> Rehearsed | None:
    """When the rollback plan was tested: where the old release answered after a return."""
    told = story.last("ok", "rehearsal.run")
    if told is None or not told.data.get("returned"):
        return None
    return Rehearsed(
        run_id=run_id,
        at=told.at,
        return_s=float(told.data["return_s"]),
        checks=tuple(map(str, told.data["returned"])),
    )


def _first_stop(story: Story) -> float | None:
    """The stop of the crossing alone: what a return adds was not predicted."""
    turned = story.turned
    events = story.events
    if turned is not None and story.last("ok", "gateway.open") is not None:
        events = tuple(one for one in events if one.at <= turned.at)
    return stopped_s(events)


def _migration_s(story: Story) -> float | None:
    result: Mapping[str, Any] = story.result("database.migrate")
    return round(float(result["seconds"]), 3) if "seconds" in result else None


def _took(timeline: tuple[Bar, ...], steps: tuple[str, ...], state: str) -> float | None:
    """All of these steps together; None unless each ended so."""
    times = {one.step: one.seconds for one in timeline if one.state == state}
    if not all(times.get(step) is not None for step in steps):
        return None
    return round(sum(times[step] or 0.0 for step in steps), 3)


def _budgets(budgets: Budgets | None, watch_s: float | None) -> dict[str, float]:
    known = {} if watch_s is None else {"watch": watch_s}
    if budgets is not None:
        known |= {
            "prepare": budgets.preparation_s,
            "cutover": budgets.cutover_s,
            ALL: budgets.total_s,
        }
    return known
