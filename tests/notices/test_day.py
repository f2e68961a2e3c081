"""The texts of the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from parom.message import Topic
from parom.notices.about import about_of
from parom.notices.day import DayFacts, closing_of, digest_of
from parom.notices.telling import notices_of
from parom.words.language import Language, Words
from tests.notices.run import BEGAN, SETTING, at, started

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


DIGEST: dict[str, Any] = {
    "release": "r2",
    "at": (BEGAN + timedelta(days=1)).timestamp(),
    "watched_s": 86_400.0,
    "requests": 8640,
    "failed": 3,
    "median_s": 0.12,
    "median_before_s": 0.11,
    "new_signatures": 0,
    "restarts": [["web", 0], ["worker", 2]],
    "memory_most_bytes": 300_000_000,
    "alarms": [],
    "missing": [],
}


def test_the_journal_s_digest_becomes_the_closing_word() -> None:
    """R-5.6: it is told by the courier like every other event of the run."""
    over = at(90_000, "day-over", **DIGEST)
    events = (started(), at(3600, "finished", exit_code=0, outcome="deployed"), over)
    about = about_of("run", events)
    assert about is not None
    success, closing = notices_of(about, events, SETTING, RUSSIAN)
    assert success.topic is Topic.SUCCESS
    assert (closing.topic, closing.number, closing.key) == (Topic.CLOSING, 2, "run:2")
    assert closing.title == "24 часа после развертывания: нужен взгляд человека"
    assert "Самопроизвольных перезапусков служб: 2" in closing.lines
    assert "Память, не более: 300 МБ" in closing.lines


def test_an_alarm_says_what_a_person_can_do() -> None:
    fact = "/a/: 5 of 5 probes failed, the last with HTTP 500"
    alarm = at(9000, "day-alarm", criterion="endpoints unreachable", source="/a/", fact=fact)
    ended = at(9100, "day-ended", **DIGEST, why="main came after it")
    events = (started(), at(3600, "finished", exit_code=0, outcome="deployed"), alarm, ended)
    about = about_of("run", events)
    assert about is not None
    _, told, digest = notices_of(about, events, SETTING, RUSSIAN)
    assert told.topic is Topic.ALARM
    assert f"Тревога: {fact}" in told.lines
    assert "`parom rollback` вернёт прежний релиз в любой момент" in told.lines
    assert digest.topic is Topic.DIGEST
