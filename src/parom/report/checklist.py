"""The checklists of the plan (R-11): each item is ticked by what was seen, or by nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from parom.plan.plan import Kind
from parom.report.figures import Measured
from parom.report.record import Checklist, Item, Mark
from parom.report.story import Story
from parom.report.watched import (
    functionality_checked,
    logs_checked,
    performance_checked,
    team_told_after,
    team_told_before,
)
from parom.words.said import recorded

Judge = Callable[[Measured, Story], Item]


@dataclass(frozen=True)
class Wanted:
    """One item: its name in the journal and how it is judged."""

    id: str
    judge: Judge
    can_be_vouched: bool = False
    """Whether a person's word counts where nothing was measured."""


def _step(*steps: str, can_be_undone: bool = False, **facts: str) -> Judge:
    """Done where one of these steps (alternatives) ended well. `facts` are keys of its result."""

    def judge(_measured: Measured, story: Story) -> Item:
        for step in steps:
            told, failed = story.last("ok", step), story.last("failed", step)
            if told is not None:
                mark = Mark.UNDONE if can_be_undone and story.is_undone(step) else Mark.DONE
                found = {name: told.data.get(key) for name, key in facts.items()}
                return Item("", mark, step, told.at, found)
            if failed is not None:
                return Item(
                    "", Mark.FAILED, step, failed.at, {"why": recorded(failed.data, "fact")}
                )
        return Item("", Mark.NOT_REACHED)

    return judge


def _backup(measured: Measured, story: Story) -> Item:
    item = _step("backup.online", backup="backup", rows="rows", how="how")(measured, story)
    if item.mark is Mark.DONE and not story.result("backup.online").get("verified"):
        return replace(item, mark=Mark.MISSING)
    return item


def _staging(measured: Measured, story: Story) -> Item:
    judged = _step("gates.code")(measured, story)
    if judged.mark is not Mark.DONE:
        return judged
    item = _step("rehearsal.run", seconds="migration_s")(measured, story)
    checked = story.result("rehearsal.run").get("checked", ())
    warnings = story.result("gates.code").get("warnings")
    return replace(item, facts={**item.facts, "checks": len(checked), "warnings": warnings})


def _rollback_ready(measured: Measured, story: Story) -> Item:
    item = _step("rehearsal.run", seconds="return_s")(measured, story)
    if item.mark is not Mark.DONE:
        return item
    returned = story.result("rehearsal.run").get("returned", ())
    mark = Mark.DONE if returned else Mark.MISSING
    return replace(item, mark=mark, facts={**item.facts, "checks": len(returned)})


def _migrations(measured: Measured, story: Story) -> Item:
    item = _step("database.migrate", can_be_undone=True, seconds="seconds")(measured, story)
    if item.mark not in (Mark.DONE, Mark.UNDONE):
        return item
    applied = len(story.result("database.migrate").get("applied", ()))
    mark = item.mark if applied else Mark.NOT_NEEDED
    return replace(item, mark=mark, facts={**item.facts, "applied": applied})


def _started(measured: Measured, story: Story) -> Item:
    """By their processes: a start that nobody saw running is not one."""
    item = _step("services.web", can_be_undone=True)(measured, story)
    if item.mark is Mark.NOT_REACHED:
        failed = _step("services.private")(measured, story)
        return failed if failed.mark is Mark.FAILED else item
    if story.is_undone("services.stop"):
        item = replace(item, mark=Mark.UNDONE)
    services = story.result("services.web").get("services", ())
    up = [one["name"] for one in services if one.get("state") == "running"]
    if item.mark is Mark.DONE and len(up) < len(services):
        return replace(item, mark=Mark.FAILED, facts={"services": ", ".join(up)})
    return replace(item, facts={"services": ", ".join(up)})


def _health(measured: Measured, story: Story) -> Item:
    item = _step("checks.private")(measured, story)
    if item.mark is not Mark.DONE:
        return item
    passed = story.result("checks.private").get("passed", ())
    mark = Mark.DONE if passed else Mark.MISSING
    return replace(item, mark=mark, facts={"checks": len(passed)})


def _stopped(measured: Measured, story: Story) -> Item:
    item = _step("services.stop")(measured, story)
    names = story.result("services.stop").get("stopped", ())
    return replace(item, facts={**item.facts, "services": ", ".join(names)})


PREPARATION = (
    Wanted("backup-made", _backup),
    Wanted("staging-tested", _staging),
    Wanted("rollback-ready", _rollback_ready),
    Wanted("team-told-before", team_told_before, can_be_vouched=True),
)
CUTOVER = (
    Wanted("maintenance-on", _step("gateway.hold", "gateway.close", state="state")),
    Wanted("services-stopped", _stopped),
    Wanted("code-updated", _step("release.switch", can_be_undone=True, release="to")),
    Wanted("migrations-run", _migrations),
    Wanted("services-started", _started),
    Wanted("health-checked", _health),
    Wanted("maintenance-off", _step("gateway.open", can_be_undone=True)),
)
AFTER = (
    Wanted("logs-checked", logs_checked, can_be_vouched=True),
    Wanted("performance-checked", performance_checked, can_be_vouched=True),
    Wanted("functionality-checked", functionality_checked, can_be_vouched=True),
    Wanted("team-told-after", team_told_after, can_be_vouched=True),
)
_DATABASE_BACK = Wanted("database-back", _step("database.return", swapped="swapped"))
_WITHOUT = {
    Kind.INSTALL: {"services-stopped"},
    Kind.RECOVERY: {"services-stopped", "migrations-run"},
}
_LISTS: dict[Kind, tuple[tuple[str, tuple[Wanted, ...]], ...]] = {
    Kind.DEPLOY: (("preparation", PREPARATION), ("cutover", CUTOVER), ("after", AFTER)),
    Kind.PARTIAL: (("preparation", PREPARATION), ("cutover", CUTOVER), ("after", AFTER)),
    Kind.INSTALL: (("cutover", CUTOVER), ("after", AFTER[-1:])),
    Kind.REHEARSAL: (("preparation", PREPARATION[:-1]),),
    Kind.RECOVERY: (("cutover", CUTOVER), ("after", AFTER[-1:])),
    Kind.ROLLBACK: (
        ("cutover", (*CUTOVER[:3], _DATABASE_BACK, *CUTOVER[4:])),
        ("after", AFTER[-1:]),
    ),
}


def wanted_of(kind: Kind) -> tuple[tuple[str, tuple[Wanted, ...]], ...]:
    """The lists that are asked of a kind of run, with their items."""
    left_out = _WITHOUT.get(kind, set())
    return tuple(
        (name, tuple(one for one in items if one.id not in left_out))
        for name, items in _LISTS[kind]
    )


def checklists_of(kind: Kind, measured: Measured, story: Story) -> tuple[Checklist, ...]:
    return tuple(
        Checklist(name, tuple(_judged(one, measured, story) for one in items))
        for name, items in wanted_of(kind)
    )


def _judged(wanted: Wanted, measured: Measured, story: Story) -> Item:
    """Evidence first; a person's word only where there is none, and never against it."""
    item = replace(wanted.judge(measured, story), id=wanted.id)
    if not wanted.can_be_vouched or item.mark is not Mark.MISSING:
        return item
    word = _word_for(wanted.id, story)
    if word is None:
        return replace(item, mark=Mark.ASKS)
    return replace(
        item,
        mark=Mark.VOUCHED,
        rests_on="vouched",
        at=str(word["at"]),
        who=str(word["who"]),
        note=str(word.get("note", "")),
    )


def _word_for(item: str, story: Story) -> dict[str, Any] | None:
    words = [one for one in story.all("vouched") if one.data.get("item") == item]
    return {**words[-1].data, "at": words[-1].at} if words else None
