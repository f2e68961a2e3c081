"""The same document as Markdown, for a wiki or a ticket. Texts of others are escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parom.report.document import (
    Block,
    Chart,
    Copied,
    Document,
    Figures,
    Listing,
    Pairs,
    Section,
    Spans,
    Table,
    Text,
    Ticks,
    Tone,
)
from parom.report.printable import printable, printable_lines
from parom.report.record import Mark

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$])")
_AT_THE_START = re.compile(r"^\d+[.)](?=\s|$)|^[-=]")
_LINK = re.compile(r"(?i)\b(https?|ftp|www)(?=[:.])")
_BOXES = {Mark.DONE: "[x]", Mark.VOUCHED: "[x]"}
_SIGNS = {Tone.GOOD: "✓ ", Tone.BAD: "✗ ", Tone.WARN: "! "}


def as_markdown(document: Document) -> str:
    """GitHub's dialect: it has tables and boxes to tick."""
    lines = [
        f"# {_m(document.title)}",
        "",
        _m(document.subtitle),
        "",
        f"**{_SIGNS.get(document.tone, '')}{_m(document.verdict)}**",
        "",
    ]
    for section in document.sections:
        lines += _section(section)
    lines += ["---", ""]
    lines += [f"{_m(one)}  " for one in document.foot]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {_m(section.title)}", "")
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Figures(figures):
            for one in figures:
                note = f" ({_m(one.note)})" if one.note else ""
                yield f"- {_m(one.label)}: **{_m(one.value)}**{note}"
        case Text(text, tone):
            yield _SIGNS.get(tone, "") + _m(text)
        case Pairs(pairs):
            yield from (f"- {_m(name)}: {_m(value)}" for name, value in pairs)
        case Table(columns, rows):
            yield from _table(columns, rows)
        case Ticks(title, lines):
            yield from (f"### {_m(title)}", "")
            for line in lines:
                detail = f": {_m(line.detail)}" if line.detail else ""
                box = _BOXES.get(line.mark, "[ ]")
                yield f"- {box} {_m(line.title)} ({_m(line.said)}){detail}"
        case Spans():
            yield from (f"### {_m(block.title)}", "")
            yield from _table(
                (block.label, "", ""),
                tuple((one.label, one.value, one.note) for one in block.spans),
            )
        case Chart(title, described):
            yield f"{_m(title)}: {_m(described)}"
        case Listing(items):
            yield from (f"- {_m(one)}" for one in items)
        case Copied(text):
            yield from ("```", printable_lines(text).replace("```", "'''"), "```")


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    yield "| " + " | ".join(map(_m, columns)) + " |"
    yield "| " + " | ".join("---" for _ in columns) + " |"
    for row in rows:
        yield "| " + " | ".join(map(_m, row)) + " |"


def _m(text: str) -> str:
    """Text that Markdown takes for nothing but text; an address in it is no link."""
    shown = _SPECIAL.sub(r"\\\1", printable(text))
    shown = _AT_THE_START.sub(lambda found: _escaped(found[0]), shown)
    return _LINK.sub(lambda found: found[0][0] + "\N{WORD JOINER}" + found[0][1:], shown)


def _escaped(start: str) -> str:
    return start[:-1] + "\\" + start[-1]
