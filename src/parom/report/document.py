"""A report in the reader's language, before it is HTML or Markdown: sections made of blocks.

All texts are plain: what they hold of releases, logs and people is escaped by the renderers.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from parom.report.record import Mark


class Tone(enum.StrEnum):
    """How something is meant; never told by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True)
class Figure:
    """One number that is seen first."""

    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Figures:
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Text:
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Pairs:
    """What is called what."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Columns that hold numbers."""
    tones: tuple[Tone, ...] = ()
    """Of each row; empty: all plain."""


@dataclass(frozen=True)
class Line:
    """One item of a checklist."""

    mark: Mark
    title: str
    said: str
    """The mark in words."""
    detail: str


@dataclass(frozen=True)
class Ticks:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Span:
    """One bar; its place as shares of the whole."""

    label: str
    begin: float
    width: float
    value: str
    note: str
    tone: Tone


@dataclass(frozen=True)
class Spans:
    """Bars on one line of time."""

    title: str
    spans: tuple[Span, ...]
    began: str
    ended: str
    label: str
    """What stands over the labels, for tables."""


@dataclass(frozen=True)
class Level:
    """A line across a chart: a baseline, a limit."""

    label: str
    at: float
    """Share of the height, from below."""
    tone: Tone


@dataclass(frozen=True)
class Point:
    """Shares of width and height, from the left and from below."""

    x: float
    low: float
    middle: float
    high: float
    failed: bool = False
    is_measured: bool = True
    """Whether anything was answered."""


@dataclass(frozen=True)
class Chart:
    """Values over time, with their spread. `gaps` are spans in which nothing was measured."""

    title: str
    described: str
    """The same in one sentence, for whoever cannot see it."""
    series: tuple[tuple[Point, ...], ...]
    levels: tuple[Level, ...]
    marks: tuple[tuple[float, str], ...]
    """Labels of the height, as shares from below."""
    times: tuple[tuple[float, str], ...]
    gap: tuple[float, float, str] | None
    """From, to, and what was in between."""


@dataclass(frozen=True)
class Listing:
    items: tuple[str, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Copied:
    """Text to be copied as it stands."""

    text: str


Block = Figures | Text | Pairs | Table | Ticks | Spans | Chart | Listing | Copied


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    language: str
    title: str
    subtitle: str
    verdict: str
    """The one sentence on how it ended."""
    tone: Tone
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = field(default=())
