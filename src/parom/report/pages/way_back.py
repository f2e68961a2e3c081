"""The rollback plan: when it was tested, and how it went where it was needed."""

from __future__ import annotations

from parom.report.document import Block, Listing, Pairs, Section, Table, Text, Tone
from parom.report.pages.reader import Reader
from parom.report.record import DeploymentReport, Return
from parom.words.reasons import REASONS

_MOST_CHECKS = 12


def way_back(report: DeploymentReport, reader: Reader) -> Section:
    blocks: list[Block] = [_tested(report, reader)]
    if report.returned is not None:
        blocks += _went(report.returned, reader)
    return Section("rollback", reader.say("The way back"), tuple(blocks))


def _tested(report: DeploymentReport, reader: Reader) -> Block:
    tested = report.rehearsed
    if tested is None:
        return Text(reader.say("The rollback plan was not tested."), Tone.WARN)
    checks = reader.count("{number} check", "{number} checks", len(tested.checks))
    said = reader.say(
        "The rollback plan was tested on {at}, on a copy of the data: the database came back in "
        "{t}, and the old release passed {checks} on it (run {run}).",
        at=reader.moment(tested.at),
        t=reader.took(tested.return_s),
        checks=checks,
        run=tested.run_id,
    )
    return Text(said, Tone.GOOD)


def _went(back: Return, reader: Reader) -> list[Block]:
    by = reader.told(back.by) or reader.say("Parom, by its criteria")
    pairs = [
        (reader.say("Decided by"), by),
        (reader.say("Decided at"), reader.moment(back.decided_at)),
    ]
    if back.reason:
        pairs.append((reader.say("Reason"), back.reason))
    if back.opened_at:
        pairs.append((reader.say("The public is in again since"), reader.moment(back.opened_at)))
    pairs.append((reader.say("Took"), reader.took(back.seconds)))
    swapped = reader.say("as it was at the stop, swapped in")
    kept = reader.say("stayed: no migration had to be taken back")
    pairs.append((reader.say("Database"), swapped if back.swapped else kept))
    blocks: list[Block] = [Pairs(tuple(pairs))]
    blocks += _apart(back, reader)
    if back.verified:
        blocks.append(Text(reader.say("Checked on the release that came back, before opening:")))
        blocks.append(Listing(tuple(map(reader.told, back.verified[:_MOST_CHECKS]))))
        more = len(back.verified) - _MOST_CHECKS
        if more > 0:
            blocks.append(Text(reader.say("and {n} more", n=more), Tone.QUIET))
    return blocks


def _apart(back: Return, reader: Reader) -> list[Block]:
    """Never silently dropped (R-7.4)."""
    blocks: list[Block] = []
    if back.carried:
        said = reader.count(
            "{number} row, written after opening, was carried over: {tables}",
            "{number} rows, written after opening, were carried over: {tables}",
            sum(back.carried.values()),
            tables=", ".join(f"{table} {count}" for table, count in back.carried.items()),
        )
        blocks.append(Text(said, Tone.GOOD))
    if back.quarantined:
        said = reader.count(
            "{number} row, written after opening, is not in the database now. In full: {file}",
            "{number} rows, written after opening, are not in the database now. In full: {file}",
            sum(back.quarantined.values()),
            file=back.quarantine,
        )
        rows = tuple((table, str(number)) for table, number in back.quarantined.items())
        columns = (reader.say("Table"), reader.say("Rows in quarantine"))
        blocks += [Text(said, Tone.WARN), Table(columns, rows, numbers=frozenset({1}))]
        why = [
            f"{count}: {reader.told(REASONS.get(one, one))}" for one, count in back.reasons.items()
        ]
        blocks += [Listing(tuple(why))] if why else []
    else:
        blocks.append(Text(reader.say("No row is in quarantine.")))
    if back.not_covered:
        tables = ", ".join(back.not_covered)
        said = reader.say("What was written to {tables} could not be listed.", tables=tables)
        blocks.append(Text(said, Tone.BAD))
    if back.ids_not_kept:
        said = reader.say("Ids may be given out again: {why}", why=reader.told(back.ids_not_kept))
        blocks.append(Text(said, Tone.BAD))
    return blocks
