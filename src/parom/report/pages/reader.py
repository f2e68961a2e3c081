"""Who reads: a language, and the zone of the clock on their wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from parom.words import figures
from parom.words.language import Words
from parom.words.said import in_words
from parom.words.titles import doing, done


@dataclass(frozen=True)
class Reader:
    words: Words
    zone: tzinfo | None

    def say(self, text: str, **values: object) -> str:
        return self.words.say(text, **values)

    def told(self, text: str) -> str:
        """What a run wrote down, as far as it can be said in the reader's language."""
        return in_words(text, self.words)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        return self.words.count(one, many, number, **values)

    def took(self, seconds: float | None) -> str:
        """A duration; a dash is said for what was not measured."""
        return "–" if seconds is None else figures.duration(self.words, seconds)

    def moment(self, at: float | str) -> str:
        return figures.moment(self.words, at, self.zone) if at else "–"

    def clock(self, at: float | str) -> str:
        return figures.clock(at, self.zone)

    def offset(self, at: float | str) -> str:
        return figures.offset(at, self.zone)

    def size(self, count: float) -> str:
        return figures.size(self.words, count)

    def share(self, of_one: float) -> str:
        return figures.share(self.words, of_one)

    def number(self, value: float, digits: int = 1) -> str:
        return figures.number(self.words, value, digits)

    def step(self, name: str) -> str:
        """What was done in a step."""
        return self.say(done(name))

    def step_under_way(self, name: str) -> str:
        return self.say(doing(name))
