"""The items that rest on what was watched and on who was told."""

from __future__ import annotations

from dataclasses import replace

from parom.report.figures import Measured
from parom.report.judgements import criteria_of, outcomes
from parom.report.record import Item, Mark
from parom.report.story import Story
from parom.verdict.criteria import Rollback, Success
from parom.verdict.outcome import Outcome
from parom.verdict.samples import CheckKind

_TOLD_BEFORE, _TOLD_AFTER = ("before", "start"), ("success", "rolled-back", "closing")
_A_TEST = "::"
"""In the name of a functional check, as pytest gives it; not in that of an endpoint."""


def team_told_before(_measured: Measured, story: Story) -> Item:
    return _told(story, _TOLD_BEFORE)


def team_told_after(_measured: Measured, story: Story) -> Item:
    item = _told(story, _TOLD_AFTER)
    if item.mark is Mark.MISSING and story.end is None:
        return replace(item, mark=Mark.NOT_REACHED)
    return item


def performance_checked(measured: Measured, story: Story) -> Item:
    """By the watch, where it had a baseline and saw enough."""
    medians = [one.after.median_s for one in measured.latency if one.after.median_s is not None]
    facts = {
        "endpoints": len(medians),
        "slowest_s": max(medians, default=None),
        "limit_s": measured.limits.response_s,
    }
    item = _judged(story, Success.RESPONSE_TIME, Rollback.PERFORMANCE)
    if item.mark is Mark.DONE and (not medians or measured.verdict == "inconclusive"):
        # Watches of an earlier Parom named no criteria; what they missed may be the times.
        item = item if criteria_of(story) else replace(item, mark=Mark.MISSING)
    return replace(item, facts={**facts, **item.facts})


def logs_checked(measured: Measured, story: Story) -> Item:
    """By the log lane of the watch; without it nobody has read them."""
    logs, item = measured.logs, _judged(story, Success.LOGS, Rollback.LOGS)
    if item.mark is not Mark.DONE:
        return item
    is_judged = any(outcomes(criteria_of(story), Success.LOGS))
    if logs is None or logs.unread or not is_judged:
        return replace(item, mark=Mark.MISSING)
    new = sum(1 for one in logs.signatures if not one.before)
    return replace(item, facts={"looks": logs.looks, "new": new})


def functionality_checked(measured: Measured, story: Story) -> Item:
    """By functional checks: repeated ones of the watch, else those before the opening."""
    judged = _judged(story, Success.FUNCTIONS, Rollback.FUNCTIONS)
    told = story.last("ok", "checks.private")
    if told is None or story.last("ok", "gateway.open") is None or judged.mark is Mark.FAILED:
        return judged
    again = [
        one for one in measured.checks if one.kind == CheckKind.FUNCTION and one.runs > one.failed
    ]
    if again:
        return replace(judged, facts={"checks": len(again), "again": True})
    tests = told.data.get("functions") or [
        one for one in told.data.get("passed", ()) if _A_TEST in str(one)
    ]
    mark = Mark.DONE if tests else Mark.MISSING
    return Item("", mark, told.step if tests else "", told.at if tests else "",
                {"checks": len(tests), "again": False})  # fmt: skip


def _judged(story: Story, *criteria: str) -> Item:
    """What the watch says of these criteria; one that ended early says nothing of the rest."""
    told, alarm = story.last("ok", "watch.run"), story.last("failed", "watch.run")
    judged = list(outcomes(criteria_of(story), *criteria))
    for one in judged:
        if one.outcome == Outcome.FAIL:
            at = told or alarm
            facts = [it.fact for it in one.evidence if it.outcome == Outcome.FAIL]
            why = {"why": facts[0] if facts else ""}
            return Item("", Mark.FAILED, "watch.run", at.at if at else "", why)
    if told is None:
        return Item("", Mark.NOT_REACHED)
    if any(one.outcome != Outcome.PASS for one in judged):
        return Item("", Mark.MISSING, "watch.run", told.at)
    return Item("", Mark.DONE, "watch.run", told.at)


def _told(story: Story, topics: tuple[str, ...]) -> Item:
    """By notices that were delivered; one that was only meant to be tells nobody."""
    sent = [one for one in story.all("notice-delivered") if one.data.get("topic") in topics]
    if not sent:
        return Item("", Mark.MISSING)
    places = dict.fromkeys(str(one.data.get("place", "")) for one in sent)
    return Item("", Mark.DONE, "notice-delivered", sent[0].at, {"places": ", ".join(places)})
