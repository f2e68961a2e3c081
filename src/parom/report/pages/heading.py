"""The first lines: what it was, how it ended, and the numbers that are asked for first."""

from __future__ import annotations

from parom.errors import ExitCode
from parom.plan.plan import Kind
from parom.report.document import Block, Figure, Figures, Listing, Pairs, Section, Text, Tone
from parom.report.pages.reader import Reader
from parom.report.record import DeploymentReport, Mark

_MORE_S = 0.02
_WITHOUT_REPLY = (Mark.DONE, Mark.VOUCHED, Mark.NOT_NEEDED)


def title_of(report: DeploymentReport, reader: Reader) -> str:
    match report.kind:
        case Kind.ROLLBACK:
            return reader.say("Rollback report")
        case Kind.PARTIAL:
            return reader.say("Report of a partial rollback")
        case Kind.REHEARSAL:
            return reader.say("Report of a rehearsal")
        case Kind.RECOVERY:
            return reader.say("Recovery report")
    return reader.say("Deployment report")


def verdict_of(report: DeploymentReport, reader: Reader) -> tuple[str, Tone]:
    """How it ended, in one sentence."""
    release, before = report.release, report.replaced
    match report.end.exit_code, report.kind:
        case (None, _):
            return reader.say("Not finished: the run is still at work."), Tone.WARN
        case (ExitCode.DONE, Kind.REHEARSAL):
            return reader.say("Tried out on copies; what runs was not touched."), Tone.GOOD
        case (ExitCode.DONE, Kind.ROLLBACK):
            return reader.say("Rolled back: {release} runs again.", release=release), Tone.GOOD
        case (ExitCode.DONE, Kind.RECOVERY):
            return reader.say("Recovered: {release} runs.", release=release), Tone.GOOD
        case (ExitCode.DONE, _):
            return reader.say("Deployed: {release} runs.", release=release), Tone.GOOD
        case (ExitCode.ROLLED_BACK_WITH_QUARANTINE, Kind.ROLLBACK):
            said = "Rolled back: {release} runs again, but not all rows could come along."
            return reader.say(said, release=release), Tone.WARN
        case (ExitCode.ROLLED_BACK, Kind.ROLLBACK):
            said = "The rollback failed and was taken back: the newer release still runs."
            return reader.say(said), Tone.BAD
        case (ExitCode.ROLLED_BACK | ExitCode.ROLLED_BACK_WITH_QUARANTINE, _) if not before:
            return reader.say("Failed and taken back: nothing is installed, as before."), Tone.BAD
        case (ExitCode.ROLLED_BACK, _):
            said = "Failed and rolled back: {before} runs again, with its data."
            return reader.say(said, before=before), Tone.BAD
        case (ExitCode.ROLLED_BACK_WITH_QUARANTINE, _):
            said = "Failed and rolled back: {before} runs again, but not all rows could come along."
            return reader.say(said, before=before), Tone.BAD
        case (ExitCode.REFUSED, _):
            return reader.say("Refused: what runs was not touched."), Tone.WARN
    if report.end.outcome.startswith("deployed"):
        said = "Deployed: {release} runs, but the watch saw too little: a person looks."
        return reader.say(said, release=release), Tone.WARN
    return reader.say("Held: a person decides how it goes on."), Tone.WARN


def summary(report: DeploymentReport, reader: Reader) -> Section:
    blocks: list[Block] = [Figures(tuple(_figures(report, reader)))]
    why = report.end.why
    if why is not None:
        where = f"{reader.step_under_way(why.step)}: " if why.step else ""
        blocks.append(Text(f"{where}{reader.told(why.fact)} [{why.id}]", Tone.BAD))
        if why.cure:
            blocks.append(Text(reader.told(why.cure), Tone.QUIET))
    if report.failed_checks:
        blocks.append(Listing(tuple(map(reader.told, report.failed_checks)), Tone.BAD))
    return Section("summary", reader.say("In short"), tuple(blocks))


def _figures(report: DeploymentReport, reader: Reader) -> list[Figure]:
    figures = []
    stop = next((one for one in report.compared if one.what == "stop"), None)
    if report.stop_s is not None:
        predicted = stop.predicted_s if stop else None
        note = "" if predicted is None else reader.say("predicted {t}", t=reader.took(predicted))
        if stop and stop.actual_s is not None and report.stop_s - stop.actual_s > _MORE_S:
            note = reader.say("going over and back together")
        figures.append(Figure(reader.say("The public waited"), reader.took(report.stop_s), note))
    whole = next((one for one in report.phases if one.phase == "all"), None)
    if whole is not None:
        over = Tone.WARN if "all" in report.late else Tone.PLAIN
        figures.append(Figure(reader.say("In all"), reader.took(whole.spent_s), "", over))
    if report.returned and report.returned.seconds is not None:
        took = reader.took(report.returned.seconds)
        figures.append(Figure(reader.say("The way back"), took, reader.say("from the decision")))
    if report.returned and report.returned.quarantined:
        rows = str(sum(report.returned.quarantined.values()))
        figures.append(Figure(reader.say("Rows in quarantine"), rows, "", Tone.WARN))
    figures.append(_ticked(report, reader))
    return figures


def _ticked(report: DeploymentReport, reader: Reader) -> Figure:
    items = [item for one in report.checklists for item in one.items]
    ticked = sum(1 for one in items if one.mark in _WITHOUT_REPLY)
    asked = sum(1 for one in items if one.mark is Mark.ASKS)
    note = reader.count("{number} asks for a name", "{number} ask for a name", asked)
    tone = Tone.GOOD if ticked == len(items) else Tone.WARN
    said = reader.say("{n} of {all}", n=ticked, all=len(items))
    return Figure(reader.say("Checklists"), said, note if asked else "", tone)


def asked(report: DeploymentReport, reader: Reader) -> Section:
    """Who wanted what, and what it needed to be let."""
    given = report.asked
    pairs = [
        (reader.say("Asked for by"), given.who),
        (reader.say("What"), given.what),
        (reader.say("When"), f"{reader.moment(given.at)} ({reader.offset(given.at)})"),
        (reader.say("Release"), report.release),
    ]
    if report.described not in ("", given.what):
        pairs.append((reader.say("Source"), report.described))
    if report.revision:
        pairs.append((reader.say("Revision"), report.revision))
    if report.replaced:
        pairs.append((reader.say("Release before"), report.replaced))
    if report.migrations:
        pairs.append((reader.say("Migrations"), ", ".join(report.migrations)))
    if given.reason:
        pairs.append((reader.say("Reason"), given.reason))
    if given.hours:
        pairs.append((reader.say("Hours of the stop"), _hours(given.hours, reader)))
    if given.override:
        said = reader.say("yes, in the hours to avoid")
        pairs.append((reader.say("Override"), said))
    if given.waited_s >= 1:
        pairs.append(
            (reader.say("Waited for its hour or an approval"), reader.took(given.waited_s))
        )
    pairs += [
        (
            reader.say("Approved by"),
            f"{one.who} ({', '.join(one.roles)}), {reader.moment(one.at)}",
        )
        for one in given.approvals
    ]
    if not given.approvals and report.kind == Kind.DEPLOY:
        pairs.append((reader.say("Approved by"), reader.say("nobody: no approval was asked for")))
    return Section("asked", reader.say("What was asked, and by whom"), (Pairs(tuple(pairs)),))


def _hours(hours: str, reader: Reader) -> str:
    return {
        "recommended": reader.say("recommended"),
        "reserve": reader.say("reserve, with a reason"),
        "avoided": reader.say("to avoid, by an override"),
        "ordinary": reader.say("ordinary"),
    }.get(hours, hours)
