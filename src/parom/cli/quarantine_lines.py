"""Quarantines and their rows in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from parom.quarantine.lines import Line, key_text
from parom.report.printable import printable
from parom.words.figures import moment, size
from parom.words.language import Words
from parom.words.reasons import REASONS, STAYING
from parom.words.said import in_words, said

_LONGEST_VALUE, _LONGEST_NAME = 70, 100
_BASE64 = 4 / 3
_OPERATIONS = {"insert": said("inserted"), "update": said("changed"), "delete": said("deleted")}


def lines_of_totals(record: Mapping[str, Any], words: Words) -> Iterator[str]:
    """One quarantine of the list."""
    yield record["run"]
    if record["when"]:
        yield "  " + words.say(
            "{time}: from {newer} back to {older}",
            time=moment(words, record["when"], None),
            newer=record["from"],
            older=record["back_to"] or "–",
        )
    if not record["complete"]:
        yield "  " + words.say("not complete: its return did not end")
        return
    yield "  " + words.count(
        "{number} row, {back} put back: {tables}",
        "{number} rows, {back} put back: {tables}",
        record["rows"],
        back=record["put_back"],
        tables=_by_name(record["tables"]) or "–",
    )
    for why, count in record["reasons"].items():
        yield f"    {count}: {reason(why, words)}"
    if record["unreadable"]:
        yield "    " + words.count(
            "{number} line cannot be read",
            "{number} lines cannot be read",
            record["unreadable"],
        )


def lines_of_row(
    line: Line, is_back: bool, columns: tuple[str, ...], words: Words
) -> Iterator[str]:
    """One row: which, what was done to it, why it is apart, and what it holds."""
    told = [in_words(_OPERATIONS[line.row.operation], words), reason(line.why, words)]
    if is_back:
        told.append(words.say("put back"))
    elif columns:
        told.append(words.say("put back without {columns}", columns=", ".join(columns)))
    yield f"{name_shown(key_text(line.row))}  {'; '.join(told)}"
    values = line.row.row or {}
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        yield f"    {printable(name):{width}}  {_shown(value, words)}"


def lines_of_tally(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    """What was put back, or would be, and what stays."""
    yield from _put(told, words)
    if told["before"]:
        yield words.count(
            "  {number} row was back already",
            "  {number} rows were back already",
            told["before"],
        )
    stayed = sum(one["rows"] for one in told["stayed"])
    if stayed:
        yield words.count(
            "! {number} row stays in quarantine:",
            "! {number} rows stay in quarantine:",
            stayed,
        )
    for one in told["stayed"]:
        why = in_words(STAYING[one["why"]], words)
        yield f"    {printable(one['table'] or '?')} {one['rows']}: {why}"


def _put(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    back, in_part = sum(told["put_back"].values()), sum(told["in_part"].values())
    tables = _by_name(told["put_back"])
    if back and told["dry_run"]:
        yield words.count(
            "{number} row would be put back: {tables}",
            "{number} rows would be put back: {tables}",
            back,
            tables=tables,
        )
    elif back:
        yield "✓ " + words.count(
            "{number} row put back: {tables}",
            "{number} rows put back: {tables}",
            back,
            tables=tables,
        )
    if in_part:
        yield "! " + words.count(
            "{number} row goes back without the columns that the live table has no place for: "
            "{tables}",
            "{number} rows go back without the columns that the live table has no place for: "
            "{tables}",
            in_part,
            tables=_by_name(told["in_part"]),
        )


def name_shown(name: str) -> str:
    return printable(name, _LONGEST_NAME)


def reason(why: str, words: Words) -> str:
    return in_words(REASONS.get(why, printable(why)), words)


def _shown(value: object, words: Words) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, dict) and isinstance(value.get("$bytes"), str):
        return words.say("{size} of bytes", size=size(words, len(value["$bytes"]) / _BASE64))
    if isinstance(value, dict) and "$float" in value:
        return printable(str(value["$float"]), _LONGEST_VALUE)
    return printable(str(value), _LONGEST_VALUE)


def _by_name(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{printable(name)} {count}" for name, count in counts.items())
