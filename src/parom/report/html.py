"""A document as one HTML file: nothing in it is asked of anywhere, no script runs.

The tree is built of elements, so that every text is escaped by construction.
"""

from __future__ import annotations

from importlib.resources import files
from xml.etree import ElementTree as ET

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
from parom.report.drawing import chart_of, spans_of
from parom.report.elements import Element, element
from parom.report.printable import printable, printable_lines
from parom.report.record import Mark

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even where a browser found something to load, it may not."""
_SIGNS = {
    Mark.DONE: "✓", Mark.VOUCHED: "✓", Mark.NOT_NEEDED: "–", Mark.FAILED: "✗", Mark.UNDONE: "↩",
    Mark.ASKS: "?", Mark.MISSING: "?", Mark.NOT_REACHED: "·",
}  # fmt: skip


def as_html(document: Document) -> str:
    """The whole file."""
    title = f"{document.title} · {document.subtitle}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", files("parom.report").joinpath("style.css").read_text("utf-8")),
    )
    body = element(
        "body",
        element(
            "header",
            element("p", document.subtitle, cls="subtitle"),
            element("h1", document.title),
            element("p", document.verdict, cls=f"verdict {document.tone}"),
        ),
        element("main", *map(_section, document.sections)),
        element("footer", *(element("p", line) for line in document.foot)),
    )
    page = element("html", head, body, lang=document.language)
    return "<!doctype html>\n" + ET.tostring(page, encoding="unicode", method="html") + "\n"


def _section(section: Section) -> Element:
    return element(
        "section", element("h2", section.title), *map(_block, section.blocks), id=section.id
    )


def _block(block: Block) -> Element:
    match block:
        case Figures(figures):
            return element(
                "div",
                *(
                    element(
                        "div",
                        element("span", one.label, cls="label"),
                        element("strong", one.value),
                        element("span", one.note, cls="note"),
                        cls=f"figure {one.tone}",
                    )
                    for one in figures
                ),
                cls="figures",
            )
        case Text(text, tone):
            return element("p", text, cls=tone.value)
        case Pairs(pairs):
            return element("dl", *(_pair(name, value) for name, value in pairs))
        case Table():
            return _table(block)
        case Ticks():
            return _ticks(block)
        case Spans():
            return spans_of(block)
        case Chart():
            return chart_of(block)
        case Listing(items, tone):
            return element("ul", *(element("li", one) for one in items), cls=tone.value)
        case Copied(text):
            made = element("pre")
            made.text = printable_lines(text)
            return made


def _pair(name: str, value: str) -> Element:
    return element("div", element("dt", name), element("dd", value))


def _table(table: Table) -> Element:
    """On a phone each row is a small card: its cells know what they are called."""

    def cell(number: int, text: str) -> Element:
        cls = "number" if number in table.numbers else ""
        return element("td", text, {"data-label": printable(table.columns[number])}, cls=cls)

    tones = table.tones or (Tone.PLAIN,) * len(table.rows)
    return element(
        "table",
        element(
            "thead",
            element(
                "tr",
                *(
                    element(
                        "th", name, cls="number" if number in table.numbers else "", scope="col"
                    )
                    for number, name in enumerate(table.columns)
                ),
            ),
        ),
        element(
            "tbody",
            *(
                element("tr", *(cell(n, text) for n, text in enumerate(row)), cls=tone.value)
                for row, tone in zip(table.rows, tones, strict=True)
            ),
        ),
    )


def _ticks(ticks: Ticks) -> Element:
    return element(
        "div",
        element("h3", ticks.title),
        element(
            "ul",
            *(
                element(
                    "li",
                    element("span", _SIGNS[one.mark], {"aria-hidden": "true"}, cls="sign"),
                    element(
                        "span",
                        element("span", one.title, cls="title"),
                        " ",
                        element("span", one.said, cls="said"),
                        element("span", one.detail, cls="detail"),
                        cls="item",
                    ),
                    cls=one.mark.value.replace(" ", "-"),
                )
                for one in ticks.lines
            ),
            cls="ticks",
        ),
        cls="checklist",
    )
