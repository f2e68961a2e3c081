"""Predicted against actual, budgets, and the steps on a line of time."""

from __future__ import annotations

from collections.abc import Iterator

from parom.report.document import Section, Span, Spans, Table, Text, Tone
from parom.report.pages.reader import Reader
from parom.report.record import Bar, DeploymentReport

_NOTHING_S = 0.015
"""Two entries in the journal take as long."""
_TONES = {"ok": Tone.GOOD, "failed": Tone.BAD, "undone": Tone.WARN, "undo-failed": Tone.BAD}


def times(report: DeploymentReport, reader: Reader) -> Section | None:
    blocks: list[Table] = []
    if report.compared:
        rows = tuple(
            (
                _what(one.what, reader),
                reader.took(one.predicted_s),
                reader.took(one.actual_s),
                _difference(one.predicted_s, one.actual_s, reader),
            )
            for one in report.compared
        )
        columns = (
            reader.say("Duration"),
            reader.say("Predicted"),
            reader.say("Actual"),
            reader.say("Difference"),
        )
        blocks.append(Table(columns, rows, numbers=frozenset({1, 2, 3})))
    if report.phases:
        parts = tuple(
            (phase(one.phase, reader), reader.took(one.spent_s), reader.took(one.budget_s))
            for one in report.phases
        )
        tones = tuple(Tone.BAD if one.phase in report.late else Tone.PLAIN for one in report.phases)
        columns3 = (reader.say("Part"), reader.say("Took"), reader.say("Planned"))
        blocks.append(Table(columns3, parts, numbers=frozenset({1, 2}), tones=tones))
    if not blocks:
        return None
    return Section("times", reader.say("Predicted against actual"), tuple(blocks))


def timeline(report: DeploymentReport, reader: Reader) -> Section | None:
    """Each part with a scale of its own: beside a watch of half an hour a stop is a dot."""
    parts: list[Spans | Text] = []
    for name in ("prepare", "cutover", "watch", "return"):
        bars = [one for one in report.timeline if one.phase == name]
        if bars:
            parts += _part(name, bars, reader)
    if not parts:
        return None
    return Section("timeline", reader.say("Timeline"), tuple(parts))


def phase(name: str, reader: Reader) -> str:
    return {
        "prepare": reader.say("Preparation"),
        "cutover": reader.say("Cutover"),
        "watch": reader.say("Watch"),
        "return": reader.say("The way back"),
        "all": reader.say("In all"),
    }[name]


def _part(name: str, bars: list[Bar], reader: Reader) -> Iterator[Spans | Text]:
    """On the way back most steps have nothing to take back: they are counted."""
    began = min(one.began for one in bars)
    ended = max(one.began + (one.seconds or 0.0) for one in bars)
    whole = max(ended - began, 1e-3)
    named = reader.say("After opening") if name == "watch" else phase(name, reader)
    title = f"{named}: {reader.took(ended - began)}"
    spans = tuple(
        Span(
            label=_label(one, reader),
            begin=(one.began - began) / whole,
            width=(one.seconds or 0.0) / whole,
            value=reader.took(one.seconds),
            note=_note(one, reader),
            tone=_TONES.get(one.state, Tone.WARN),
        )
        for one in bars
        if not _is_nothing(one)
    )
    ends = (reader.clock(began), reader.clock(ended))
    if spans:
        yield Spans(title, spans, *ends, label=reader.say("Step"))
    quiet = len(bars) - len(spans)
    if quiet:
        said = reader.count(
            "and {number} step with nothing to take back",
            "and {number} steps with nothing to take back",
            quiet,
        )
        yield Text(said, Tone.QUIET)


def _label(bar: Bar, reader: Reader) -> str:
    """What never ended well is not told as done."""
    is_done = bar.state in ("ok", "undone")
    return reader.step(bar.step) if is_done else reader.step_under_way(bar.step)


def _is_nothing(bar: Bar) -> bool:
    return bar.state == "undone" and bar.seconds is not None and bar.seconds < _NOTHING_S


def _note(bar: Bar, reader: Reader) -> str:
    match bar.state:
        case "failed":
            return reader.say("failed")
        case "undone":
            return reader.say("taken back")
        case "undo-failed":
            return reader.say("could not be taken back")
        case "in doubt":
            return reader.say("in doubt: begun, and no outcome")
    if bar.usual_s is None:
        return ""
    return reader.say("usually {t}", t=reader.took(bar.usual_s))


def _what(name: str, reader: Reader) -> str:
    return {
        "stop": reader.say("The public waits"),
        "migration": reader.say("Migrations"),
        "start": reader.say("Start and checks of the new release"),
        "return": reader.say("The old database comes back"),
    }[name]


def _difference(predicted: float | None, actual: float | None, reader: Reader) -> str:
    if predicted is None or actual is None:
        return "–"
    sign = "+" if actual >= predicted else "−"
    return sign + reader.took(abs(actual - predicted))
