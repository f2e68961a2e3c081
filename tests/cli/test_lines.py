"""Events as lines."""

from __future__ import annotations

from typing import Any

import pytest

from parom.cli.lines import line_of, rows, shortened
from parom.journal.told import Told
from parom.words.language import ENGLISH, Language, Words

AT = "2026-01-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("kind", "step", "data", "said"),
    [
        ("started", "", {"kind": "deploy", "asked": "main", "who": "ann"}, "deploy: main"),
        ("intent", "services.stop", {}, "· Stopping the services ..."),
        ("ok", "services.stop", {}, "✓ Services stopped"),
        ("ok", "gates.code", {"pending": [1], "warnings": 0}, ": 1 migration pending, 0 warnings"),
        ("ok", "watch.run", {"verdict": "inconclusive"}, "✓ Watched: inconclusive"),
        ("undone", "release.switch", {}, "↩ taken back: Release switched"),
        (
            "ok",
            "capture.collect",
            {"file": "q", "quarantined": 0, "carried": 2},
            "saved: 2 rows carried over",
        ),
        ("turned-back", "", {"error": {}}, "↩ going back"),
        ("turned-back", "", {"why": "a plan changes nothing"}, "↩ taking it back: a plan"),
        ("failed", "release.build", {"fact": "F.", "cure": "C.", "id": "x.y"}, "failed: F. C."),
        ("finding", "gates.code", {"level": "warning", "fact": "One. Two."}, "warning: One."),
    ],
)
def test_events_are_told(kind: str, step: str, data: dict[str, Any], said: str) -> None:
    """A log of a run is read from top to bottom."""
    assert said in line_of(Told(AT, kind, step, data))


def test_what_nobody_needs_is_no_line() -> None:
    """The journal has all of it."""
    for kind, data in (("engine", {}), ("finished", {}), ("finding", {"level": "info"})):
        assert line_of(Told(AT, kind, "", data)) == ""


def test_numbers_and_sentences_are_short() -> None:
    """Long explanations of Django's checks hide the lines that matter."""
    assert (rows(1, ENGLISH), rows(2, ENGLISH), rows(0, ENGLISH)) == (
        "1 row",
        "2 rows",
        "0 rows",
    )
    assert shortened("Set it. Otherwise much breaks.") == "Set it."
    assert shortened("one part only") == "one part only"


@pytest.mark.parametrize(
    ("kind", "step", "data", "said"),
    [
        ("started", "", {"kind": "deploy", "asked": "main", "who": "ann"},
         "▶ развертывание: main, запросил ann"),
        ("intent", "gateway.open", {}, "· Открытие для посетителей ..."),
        ("turned-back", "", {"error": {}}, "↩ возврат"),
        ("turned-back", "", {"why": "a plan changes nothing"}, "↩ отмена: план ничего не меняет"),
        ("budget-overrun", "", {"phase": "cutover", "budget_s": 1.5},
         "  с опозданием: переключение заняло больше запланированных 1,5 с"),
        ("ok", "gates.code", {"pending": ["0001"], "warnings": 2},
         "предстоит 1 миграция, 2 предупреждения"),
    ],
)  # fmt: skip
def test_the_same_lines_in_russian(kind: str, step: str, data: dict[str, Any], said: str) -> None:
    """R-8.4: also what the journal keeps in English."""
    assert said in line_of(Told(AT, kind, step, data), Words(Language.RUSSIAN))
