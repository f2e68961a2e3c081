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
    Level,
    Listing,
    Pairs,
    Point,
    Section,
    Spans,
    Table,
    Text,
    Ticks,
    Tone,
)
from parom.report.printable import printable, printable_lines
from parom.report.record import Mark

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even where a browser found something to load, it may not."""
_SIGNS = {
    Mark.DONE: "✓", Mark.VOUCHED: "✓", Mark.NOT_NEEDED: "–", Mark.FAILED: "✗", Mark.UNDONE: "↩",
    Mark.ASKS: "?", Mark.MISSING: "?", Mark.NOT_REACHED: "·",
}  # fmt: skip
_WIDTH, _HEIGHT = 1000, 240
Element = ET.Element


def as_html(document: Document) -> str:
    """The whole file."""
    title = f"{document.title} · {document.subtitle}"
    head = _e(
        "head",
        _e("meta", charset="utf-8"),
        _e("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        _e("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _e("meta", name="referrer", content="no-referrer"),
        _e("title", title),
        _e("style", files("parom.report").joinpath("style.css").read_text("utf-8")),
    )
    body = _e(
        "body",
        _e(
            "header",
            _e("p", document.subtitle, cls="subtitle"),
            _e("h1", document.title),
            _e("p", document.verdict, cls=f"verdict {document.tone}"),
        ),
        _e("main", *map(_section, document.sections)),
        _e("footer", *(_e("p", line) for line in document.foot)),
    )
    page = _e("html", head, body, lang=document.language)
    return "<!doctype html>\n" + ET.tostring(page, encoding="unicode", method="html") + "\n"


def _section(section: Section) -> Element:
    return _e("section", _e("h2", section.title), *map(_block, section.blocks), id=section.id)


def _block(block: Block) -> Element:
    match block:
        case Figures(figures):
            return _e(
                "div",
                *(
                    _e(
                        "div",
                        _e("span", one.label, cls="label"),
                        _e("strong", one.value),
                        _e("span", one.note, cls="note"),
                        cls=f"figure {one.tone}",
                    )
                    for one in figures
                ),
                cls="figures",
            )
        case Text(text, tone):
            return _e("p", text, cls=tone.value)
        case Pairs(pairs):
            return _e("dl", *(_pair(name, value) for name, value in pairs))
        case Table():
            return _table(block)
        case Ticks():
            return _ticks(block)
        case Spans():
            return _spans(block)
        case Chart():
            return _chart(block)
        case Listing(items, tone):
            return _e("ul", *(_e("li", one) for one in items), cls=tone.value)
        case Copied(text):
            made = _e("pre")
            made.text = printable_lines(text)
            return made


def _pair(name: str, value: str) -> Element:
    return _e("div", _e("dt", name), _e("dd", value))


def _table(table: Table) -> Element:
    """On a phone each row is a small card: its cells know what they are called."""

    def cell(number: int, text: str) -> Element:
        cls = "number" if number in table.numbers else ""
        return _e("td", text, {"data-label": printable(table.columns[number])}, cls=cls)

    tones = table.tones or (Tone.PLAIN,) * len(table.rows)
    return _e(
        "table",
        _e(
            "thead",
            _e(
                "tr",
                *(
                    _e("th", name, cls="number" if number in table.numbers else "", scope="col")
                    for number, name in enumerate(table.columns)
                ),
            ),
        ),
        _e(
            "tbody",
            *(
                _e("tr", *(cell(n, text) for n, text in enumerate(row)), cls=tone.value)
                for row, tone in zip(table.rows, tones, strict=True)
            ),
        ),
    )


def _ticks(ticks: Ticks) -> Element:
    return _e(
        "div",
        _e("h3", ticks.title),
        _e(
            "ul",
            *(
                _e(
                    "li",
                    _e("span", _SIGNS[one.mark], {"aria-hidden": "true"}, cls="sign"),
                    _e(
                        "span",
                        _e("span", one.title, cls="title"),
                        " ",
                        _e("span", one.said, cls="said"),
                        _e("span", one.detail, cls="detail"),
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


def _spans(spans: Spans) -> Element:
    rows = (
        _e(
            "div",
            _e("span", one.label, cls="label"),
            _bar(one.begin, one.width, one.tone),
            _e("span", one.value, cls="value"),
            _e("span", one.note, cls="note"),
            cls=f"span {one.tone}",
        )
        for one in spans.spans
    )
    ends = _e("div", _e("span", spans.began), _e("span", spans.ended), cls="ends")
    return _e("div", _e("h3", spans.title), *rows, ends, cls="spans")


def _bar(begin: float, width: float, tone: Tone) -> Element:
    """Drawn, not coloured: printers leave backgrounds out."""
    shown = max(width * _WIDTH, 3.0)
    left = min(begin * _WIDTH, _WIDTH - shown)
    return _svg(
        _WIDTH, 10,
        _e("rect", x="0", y="4.5", width=str(_WIDTH), height="1", cls="rail"),
        _e("rect", x=_n(left), y="0", width=_n(shown), height="10", cls=f"bar {tone}"),
    )  # fmt: skip


def _chart(chart: Chart) -> Element:
    """The drawing is stretched to the width there is; its texts lie over it and keep their size."""
    drawn: list[Element] = []
    if chart.gap:
        left, right, _ = chart.gap
        drawn.append(_e("rect", x=_n(left * _WIDTH), y="0", width=_n((right - left) * _WIDTH),
                        height=str(_HEIGHT), cls="gap"))  # fmt: skip
    drawn += [_line(at, "mark") for at, _ in chart.marks]
    drawn += [_line(one.at, f"level {one.tone}") for one in chart.levels]
    for series in chart.series:
        drawn += _series(series)
    texts = [_put(text, "height", bottom=at) for at, text in chart.marks]
    texts += [_put(text, _time(at), left=at) for at, text in chart.times]
    texts += [_level(one) for one in chart.levels]
    if chart.gap:
        left, right, text = chart.gap
        texts.append(_put(text, "gap-label", left=(left + right) / 2))
    plot = _e("div", _svg(_WIDTH, _HEIGHT, *drawn), *texts, cls="plot")
    return _e("figure", _e("figcaption", chart.title), plot, _e("p", chart.described), cls="chart")


def _series(points: tuple[Point, ...]) -> list[Element]:
    measured = [one for one in points if one.is_measured]
    drawn = [
        _e("rect", x=_n(one.x * _WIDTH - 2), y=_n(_HEIGHT - 12), width="4", height="12",
           cls="failed")
        for one in points
        if one.failed
    ]  # fmt: skip
    if not measured:
        return drawn
    upper = " ".join(_at(one.x, one.high) for one in measured)
    lower = " ".join(_at(one.x, one.low) for one in reversed(measured))
    middle = " ".join(_at(one.x, one.middle) for one in measured)
    return [
        _e("polygon", points=f"{upper} {lower}", cls="spread"),
        _e("polyline", points=middle, cls="middle"),
        *drawn,
    ]


def _at(x: float, y: float) -> str:
    return f"{_n(x * _WIDTH)},{_n((1 - y) * _HEIGHT)}"


def _line(at: float, cls: str) -> Element:
    y = _n((1 - at) * _HEIGHT)
    return _e("line", x1="0", x2=str(_WIDTH), y1=y, y2=y, cls=cls)


def _level(level: Level) -> Element:
    return _put(level.label, f"level-label {level.tone}", bottom=level.at)


def _time(at: float) -> str:
    """The outermost stay inside of the page; those between make room on a phone."""
    if at in (0, 1):
        return "time last" if at else "time first"
    return "time" if at == 0.5 else "time between"


def _put(text: str, cls: str, **place: float) -> Element:
    style = ";".join(f"{side}:{share * 100:.2f}%" for side, share in place.items())
    return _e("span", text, style=style, cls=cls)


def _svg(width: int, height: int, *children: Element) -> Element:
    """What it shows is said in words beside it."""
    return _e(
        "svg",
        *children,
        {
            "viewBox": f"0 0 {width} {height}",
            "preserveAspectRatio": "none",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )


def _n(value: float) -> str:
    return f"{value:.1f}"


def _e(
    tag: str, *content: str | Element | dict[str, str], cls: str = "", **attributes: str
) -> Element:
    """An element with its texts, children and attributes, in this order."""
    made = ET.Element(tag, {key: value for key, value in attributes.items() if value})
    if cls:
        made.set("class", cls)
    last: Element | None = None
    for one in content:
        if isinstance(one, dict):
            made.attrib.update(one)
        elif isinstance(one, str):
            text = one if tag == "style" else _spaced(one)
            if last is None:
                made.text = (made.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        else:
            made.append(one)
            last = one
    return made


def _spaced(text: str) -> str:
    return text if text == " " else printable(text)
