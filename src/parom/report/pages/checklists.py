"""The checklists, each item with what it rests on."""

from __future__ import annotations

from parom.report.document import Line, Section, Text, Ticks, Tone
from parom.report.pages.reader import Reader
from parom.report.record import Checklist, DeploymentReport, Item, Mark


def checklists(report: DeploymentReport, reader: Reader) -> Section | None:
    if not report.checklists:
        return None
    blocks: list[Ticks | Text] = [_ticks(one, reader) for one in report.checklists]
    if any(item.mark is Mark.ASKS for one in report.checklists for item in one.items):
        said = reader.say(
            "Where a name is asked for, nothing was measured: whoever has looked says so with "
            "`parom checklist vouch ITEM`."
        )
        blocks.append(Text(said, Tone.QUIET))
    return Section("checklists", reader.say("Checklists"), tuple(blocks))


def item_title(item_id: str, reader: Reader) -> str:
    """What an item asks for."""
    return {
        "backup-made": reader.say("Backup made"),
        "staging-tested": reader.say("Release tested on a copy of the data"),
        "rollback-ready": reader.say("Rollback ready and tried"),
        "team-told-before": reader.say("Team told before"),
        "maintenance-on": reader.say("Maintenance on"),
        "services-stopped": reader.say("Services stopped"),
        "code-updated": reader.say("Code updated"),
        "migrations-run": reader.say("Migrations run"),
        "database-back": reader.say("Database of before is back"),
        "services-started": reader.say("Services started"),
        "health-checked": reader.say("Health checks passed"),
        "maintenance-off": reader.say("Maintenance off"),
        "logs-checked": reader.say("Logs checked"),
        "performance-checked": reader.say("Performance checked"),
        "functionality-checked": reader.say("Functionality checked"),
        "team-told-after": reader.say("Team told after"),
    }[item_id]


def list_title(list_id: str, reader: Reader) -> str:
    return {
        "preparation": reader.say("Preparation"),
        "cutover": reader.say("Cutover"),
        "after": reader.say("After"),
    }[list_id]


def mark_said(mark: Mark, reader: Reader) -> str:
    return {
        Mark.DONE: reader.say("done"),
        Mark.FAILED: reader.say("failed"),
        Mark.UNDONE: reader.say("done, and taken back"),
        Mark.VOUCHED: reader.say("a person vouches for it"),
        Mark.ASKS: reader.say("not measured: who vouches for it?"),
        Mark.MISSING: reader.say("no evidence"),
        Mark.NOT_NEEDED: reader.say("not needed"),
        Mark.NOT_REACHED: reader.say("not reached"),
    }[mark]


def detail_of(item: Item, reader: Reader) -> str:
    """The evidence: what was seen, by which step, when."""
    if item.mark is Mark.VOUCHED:
        note = f": {item.note}" if item.note else ""
        return f"{item.who}, {reader.moment(item.at)}{note}"
    if item.mark is Mark.ASKS:
        return item.id
    facts = _facts(item, reader)
    rests = f"{item.rests_on}, {reader.moment(item.at)}" if item.rests_on and item.at else ""
    return " · ".join(part for part in (facts, rests) if part)


def _ticks(checklist: Checklist, reader: Reader) -> Ticks:
    return Ticks(
        list_title(checklist.id, reader),
        tuple(
            Line(
                mark=one.mark,
                title=item_title(one.id, reader),
                said=mark_said(one.mark, reader),
                detail=detail_of(one, reader),
            )
            for one in checklist.items
        ),
    )


def _facts(item: Item, reader: Reader) -> str:
    facts = item.facts
    if item.mark is Mark.FAILED:
        return reader.told(facts.get("why") or facts.get("services") or "")
    if item.mark not in (Mark.DONE, Mark.UNDONE, Mark.NOT_NEEDED):
        return ""
    match item.id:
        case "backup-made":
            rows = reader.count("{number} row", "{number} rows", int(facts.get("rows") or 0))
            proven = reader.say("encrypted, unpacked and compared")
            return f"{facts.get('backup')}: {rows}, {proven}"
        case "staging-tested":
            warnings = int(facts.get("warnings") or 0)
            said = reader.count("{number} warning", "{number} warnings", warnings)
            return f"{_checks(item, reader)}, {said}"
        case "rollback-ready":
            took = reader.took(facts.get("seconds"))
            tried = reader.say("return rehearsed in {t}", t=took)
            return f"{tried}, {_checks(item, reader)}"
        case "maintenance-on":
            held = facts.get("state") == "held"
            return reader.say("visitors waited") if held else reader.say("visitors saw the page")
        case "services-stopped" | "services-started":
            return str(facts.get("services") or "")
        case "code-updated":
            return str(facts.get("release") or "")
        case "migrations-run":
            return _migrations(item, reader)
        case "database-back":
            swapped = reader.say("the snapshot is live again")
            return swapped if facts.get("swapped") else reader.say("no migration had changed it")
        case "health-checked":
            return _checks(item, reader)
        case "logs-checked":
            new = int(facts.get("new") or 0)
            return reader.count("{number} new error", "{number} new errors", new)
        case "performance-checked":
            slowest, limit = reader.took(facts.get("slowest_s")), reader.took(facts.get("limit_s"))
            return reader.say("slowest median {t} of {limit}", t=slowest, limit=limit)
        case "functionality-checked":
            again = facts.get("again")
            when = reader.say("again while watched") if again else reader.say("before opening")
            return f"{_checks(item, reader)}, {when}"
    return str(facts.get("places") or "")


def _checks(item: Item, reader: Reader) -> str:
    number = int(item.facts.get("checks") or 0)
    return reader.count("{number} check passed", "{number} checks passed", number)


def _migrations(item: Item, reader: Reader) -> str:
    applied = int(item.facts.get("applied") or 0)
    if not applied:
        return reader.say("the release brings none")
    took = reader.took(item.facts.get("seconds"))
    said = reader.count("{number} migration", "{number} migrations", applied)
    return reader.say("{what} in {t}", what=said, t=took)
