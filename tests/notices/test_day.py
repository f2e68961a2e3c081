"""The texts of the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from parom.message import Topic
from parom.notices.day import DayFacts, closing_of, digest_of
from parom.words.language import Language, Words
from tests.notices.run import BEGAN, SETTING

FACTS = DayFacts("run", "r2", BEGAN + timedelta(days=1), 86_400, 8640, 3, 0.12, 0.11, 0)
RUSSIAN = Words(Language.RUSSIAN)


def test_a_quiet_day_is_closed() -> None:
    closing = closing_of(FACTS, SETTING, RUSSIAN)
    assert closing.topic is Topic.CLOSING
    assert closing.title == "24 часа после развертывания: замечаний нет"
    assert "Медиана ответа: 120 мс, раньше: 110 мс" in closing.lines


def test_what_was_not_measured_is_not_good() -> None:
    """R-13.4."""
    for facts in (
        replace(FACTS, median_s=None),
        replace(FACTS, new_signatures=None),
        replace(FACTS, new_signatures=1),
        replace(FACTS, missing=("memory",)),
        replace(FACTS, alarms=("errors",)),
    ):
        closing = closing_of(facts, SETTING, RUSSIAN)
        assert closing.title == "24 часа после развертывания: нужен взгляд человека"


def test_a_digest_says_how_much_of_the_day_it_is_of() -> None:
    digest = digest_of(replace(FACTS, watched_s=6 * 3600), SETTING, RUSSIAN)
    assert digest.title == "После развертывания: сводка за первые 6 ч 00 мин"
    assert digest.key != closing_of(FACTS, SETTING, RUSSIAN).key
