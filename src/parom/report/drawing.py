"""What a report draws: spans of time, and charts. Each says beside it in words what it shows."""

from __future__ import annotations

from parom.report.document import Chart, Level, Point, Spans, Tone
from parom.report.elements import Element, element

_WIDTH, _HEIGHT = 1000, 240


def spans_of(spans: Spans) -> Element:
    rows = (
        element(
            "div",
            element("span", one.label, cls="label"),
            _bar(one.begin, one.width, one.tone),
            element("span", one.value, cls="value"),
            element("span", one.note, cls="note"),
            cls=f"span {one.tone}",
        )
        for one in spans.spans
    )
    ends = element("div", element("span", spans.began), element("span", spans.ended), cls="ends")
    return element("div", element("h3", spans.title), *rows, ends, cls="spans")


def _bar(begin: float, width: float, tone: Tone) -> Element:
    """Drawn, not coloured: printers leave backgrounds out."""
    shown = max(width * _WIDTH, 3.0)
    left = min(begin * _WIDTH, _WIDTH - shown)
    return _svg(
        _WIDTH, 10,
        element("rect", x="0", y="4.5", width=str(_WIDTH), height="1", cls="rail"),
        element("rect", x=_n(left), y="0", width=_n(shown), height="10", cls=f"bar {tone}"),
    )  # fmt: skip


def chart_of(chart: Chart) -> Element:
    """The drawing is stretched to the width there is; its texts lie over it and keep their size."""
    drawn: list[Element] = []
    if chart.gap:
        left, right, _ = chart.gap
        drawn.append(element("rect", x=_n(left * _WIDTH), y="0", width=_n((right - left) * _WIDTH),
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
    plot = element("div", _svg(_WIDTH, _HEIGHT, *drawn), *texts, cls="plot")
    return element(
        "figure",
        element("figcaption", chart.title),
        plot,
        element("p", chart.described),
        cls="chart",
    )


def _series(points: tuple[Point, ...]) -> list[Element]:
    measured = [one for one in points if one.is_measured]
    drawn = [
        element("rect", x=_n(one.x * _WIDTH - 2), y=_n(_HEIGHT - 12), width="4", height="12",
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
        element("polygon", points=f"{upper} {lower}", cls="spread"),
        element("polyline", points=middle, cls="middle"),
        *drawn,
    ]


def _at(x: float, y: float) -> str:
    return f"{_n(x * _WIDTH)},{_n((1 - y) * _HEIGHT)}"


def _line(at: float, cls: str) -> Element:
    y = _n((1 - at) * _HEIGHT)
    return element("line", x1="0", x2=str(_WIDTH), y1=y, y2=y, cls=cls)


def _level(level: Level) -> Element:
    return _put(level.label, f"level-label {level.tone}", bottom=level.at)


def _time(at: float) -> str:
    """The outermost stay inside of the page; those between make room on a phone."""
    if at in (0, 1):
        return "time last" if at else "time first"
    return "time" if at == 0.5 else "time between"


def _put(text: str, cls: str, **place: float) -> Element:
    style = ";".join(f"{side}:{share * 100:.2f}%" for side, share in place.items())
    return element("span", text, style=style, cls=cls)


def _svg(width: int, height: int, *children: Element) -> Element:
    """What it shows is said in words beside it."""
    return element(
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
