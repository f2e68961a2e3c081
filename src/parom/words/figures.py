"""Durations, sizes, shares and moments as a reader of a language writes them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from parom.words.language import Language, Words

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_KILO = 1000


def duration(words: Words, seconds: float) -> str:
    """From milliseconds to days, with as much precision as says something.

    What is rounded up to a full unit is told in the larger one.
    """
    if seconds < 0.9995:
        return words.say("{n} ms", n=number(words, seconds * 1000, 1 if seconds < 0.01 else 0))
    if seconds < _MINUTE - 0.05:
        return words.say("{n} s", n=number(words, seconds, 1))
    whole = round(seconds)
    if whole < _HOUR:
        return words.say("{m} min {s:02d} s", m=whole // _MINUTE, s=whole % _MINUTE)
    if whole < _DAY:
        return words.say("{h} h {m:02d} min", h=whole // _HOUR, m=whole % _HOUR // _MINUTE)
    return words.say("{d} d {h} h", d=whole // _DAY, h=whole % _DAY // _HOUR)


def size(words: Words, count: float) -> str:
    """Bytes in powers of a thousand."""
    if count < _KILO:
        return words.say("{n} B", n=int(count))
    if count < _KILO**2:
        return words.say("{n} kB", n=number(words, count / _KILO, 0))
    if count < _KILO**3:
        return words.say("{n} MB", n=number(words, count / _KILO**2, 0))
    return words.say("{n} GB", n=number(words, count / _KILO**3, 1))


def share(words: Words, of_one: float) -> str:
    """As percent; what is more than nothing is never shown as nothing."""
    digits = 0 if of_one == 0 or of_one >= 0.1 else 1 if of_one >= 0.001 else 2
    return words.say("{n} %", n=number(words, of_one * 100, digits))


def number(words: Words, value: float, digits: int = 1) -> str:
    """With the language's decimal mark, and no zeros that say nothing."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return marked(words, text)


def marked(words: Words, number: str) -> str:
    """A number that is written out already, with the language's decimal mark."""
    return number.replace(".", ",") if words.language is Language.RUSSIAN else number


class Figure(float):
    """A number that is still to be written out, and then with the language's decimal mark."""

    _words: Words

    @classmethod
    def of(cls, words: Words, value: float) -> Figure:
        figure = cls(value)
        figure._words = words
        return figure

    def __format__(self, spec: str, /) -> str:
        return marked(self._words, super().__format__(spec))


def moment(words: Words, at: float | str, zone: tzinfo | None) -> str:
    """Date and time; `at` is epoch seconds or ISO 8601, `zone` None is this machine's."""
    pattern = "%d.%m.%Y %H:%M:%S" if words.language is Language.RUSSIAN else "%Y-%m-%d %H:%M:%S"
    return _local(at, zone).strftime(pattern)


def clock(at: float | str, zone: tzinfo | None) -> str:
    """The time of the day alone."""
    return _local(at, zone).strftime("%H:%M:%S")


def offset(at: float | str, zone: tzinfo | None) -> str:
    """By how much a zone differs from UTC at a moment, as `+03:00`."""
    text = _local(at, zone).strftime("%z")
    return f"UTC{text[:3]}:{text[3:]}" if text else "UTC"


def _local(at: float | str, zone: tzinfo | None) -> datetime:
    if isinstance(at, str):
        return datetime.fromisoformat(at).astimezone(zone)
    return datetime.fromtimestamp(at, tz=zone).astimezone(zone)
