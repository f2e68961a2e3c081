"""The last lines of a run: what runs, what was kept and what not, times, what next."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from parom.cli.ending import Ending, ending_of, words_of
from parom.errors.release import watch_alarmed
from parom.journal.told import Told
from parom.plan.plan import STEPS_OF, Kind, Plan
from parom.steps.registry import BY_NAME
from parom.words.language import Language, Words
from parom.words.titles import TITLES

_BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _told(*events: tuple[float, str, str, dict[str, Any]]) -> list[Told]:
    return [
        Told((_BEGAN + timedelta(seconds=at)).isoformat(), kind, step, data)
        for at, kind, step, data in events
    ]


def _plan(kind: Kind, release: str = "r2", earlier: str = "r1") -> Plan:
    return Plan(kind, "run", "production", STEPS_OF[kind], release, "repo main", label="abc1234",
                from_release=earlier)  # fmt: skip


def test_every_step_has_words_for_screens() -> None:
    """A bare step name is for the journal."""
    assert set(TITLES) == set(BY_NAME)


def test_a_deployment_says_how_long_the_public_waited_and_what_is_kept() -> None:
    """The two things that are asked first."""
    ending = ending_of(
        _plan(Kind.DEPLOY), "deployed", 0,
        _told(
            (0, "started", "", {}),
            (1, "ok", "installation.adopt", {"release": "r1"}),
            (2, "ok", "backup.online", {"backup": "b1", "rows": 3}),
            (3, "ok", "rehearsal.run", {"predicted_stop_s": 2.5}),
            (10, "ok", "gateway.hold", {}),
            (13.5, "ok", "gateway.open", {}),
            (60, "ok", "watch.run", {"verdict": "inconclusive", "missing": ["/x: no probe"]}),
            (61, "finished", "", {"outcome": "deployed", "exit_code": 0}),
        ),
    )  # fmt: skip
    assert (ending.stop_s, ending.predicted_stop_s, ending.whole_s) == (3.5, 2.5, 61.0)
    text = words_of(ending)
    assert "✓ Deployed: repo main runs as r2 (exit 0)" in text
    assert "kept:  r1 and its database" in text
    assert "kept:  backup b1, encrypted, unpacked and compared" in text
    assert "lacks: /x: no probe" in text
    assert "the public waited 3.5 s (predicted 2.5 s), 61 s in all" in text
    assert "`parom rollback` brings the old release back" in text


def test_a_late_return_lists_what_could_not_come_along() -> None:
    """Never dropped in silence; both stops count."""
    rows = {"quarantined": 3, "tables": {"notes_note": 2, "tags": 1}, "file": "/q/rows.jsonl"}
    error = {"id": "watch.alarm", "fact": "/x: 5 errors.", "cure": "See the report."}
    ending = ending_of(
        _plan(Kind.DEPLOY), "rolled back with quarantine", 21,
        _told(
            (0, "started", "", {}),
            (1, "ok", "installation.adopt", {"release": "r1"}),
            (10, "ok", "gateway.hold", {}),
            (12, "ok", "gateway.open", {}),
            (50, "undo-intent", "gateway.open", {}),
            (52, "undone", "capture.install", rows),
            (53, "undone", "database.snapshot", {"swapped": True}),
            (54, "undone", "gateway.hold", {}),
            (55, "finished", "", {"error": error}),
        ),
    )  # fmt: skip
    assert ending.stop_s == 6.0
    assert ending.lost == {"notes_note": 2, "tags": 1}
    text = words_of(ending)
    assert "✗ Gone back by itself: r1 runs again, checked before opening (exit 21)" in text
    assert "why:   /x: 5 errors. [watch.alarm]" in text
    assert "cure:  See the report." in text
    assert "3 rows written after opening and not in the database now: notes_note 2, tags 1" in text
    assert "in full in /q/rows.jsonl" in text
    assert "kept:  the newer database" in text


def test_a_late_return_says_what_came_along_and_why_the_rest_did_not() -> None:
    """Who is told only of losses looks for the other rows too."""
    rows = {
        "carried": 5, "carried_tables": {"notes_note": 4, "tags": 1}, "quarantined": 2,
        "tables": {"tags": 2}, "reasons": {"no-table": 1, "refers": 1}, "file": "/q/rows.jsonl",
    }  # fmt: skip
    ending = ending_of(
        _plan(Kind.ROLLBACK), "rolled back with quarantine", 21,
        _told(
            (0, "started", "", {}),
            (1, "not-carried", "capture.collect", {"error": "x.y", "fact": "the disk is full"}),
            (2, "ok", "capture.collect", rows),
            (3, "finished", "", {"outcome": "rolled back with quarantine", "exit_code": 21}),
        ),
    )  # fmt: skip
    text = words_of(ending)
    assert "along: 5 rows written after opening were carried over: notes_note 4, tags 1" in text
    assert "1: the older release has no such table" in text
    assert "1: it refers to a row that is not there" in text
    assert "lacks: rows written since the opening, carried over: the disk is full" in text


def test_a_table_that_nobody_could_look_into_is_named() -> None:
    """Rows that could not be listed are no less lost; silence would count them as kept."""
    ending = ending_of(
        _plan(Kind.ROLLBACK), "rolled back with quarantine", 21,
        _told(
            (0, "started", "", {}),
            (1, "ok", "capture.collect", {"quarantined": 0, "tables": {}, "not_covered": ["fts"]}),
            (2, "finished", "", {"outcome": "rolled back with quarantine", "exit_code": 21}),
        ),
    )  # fmt: skip
    assert ending.not_covered == ("fts",)
    assert "apart: what was written to fts could not be listed" in words_of(ending)


def test_ids_that_could_not_be_kept_are_told() -> None:
    """Somebody must look before new rows get them."""
    ending = ending_of(
        _plan(Kind.ROLLBACK), "rolled back", 0,
        _told(
            (0, "started", "", {}),
            (1, "ids-not-kept", "database.return", {"error": "x.y", "fact": "it is damaged"}),
            (1, "ok", "database.return", {"swapped": True}),  # by an engine that came after
            (2, "finished", "", {"outcome": "rolled back", "exit_code": 0}),
        ),
    )  # fmt: skip
    assert "lacks: ids that are not given out again: it is damaged" in words_of(ending)


def test_rows_that_are_live_again_are_not_listed_as_apart() -> None:
    """A rollback that failed and was taken back lost nothing, and must not say so."""
    ending = ending_of(
        _plan(Kind.ROLLBACK), "rollback failed, the newer release runs", 20,
        _told(
            (0, "started", "", {}),
            (1, "ok", "capture.collect",
             {"quarantined": 2, "tables": {"notes_note": 2}, "file": "rows.jsonl"}),
            (2, "failed", "checks.private", {}),
            (3, "undone", "capture.collect", {"quarantined": 0}),
            (4, "finished", "", {"outcome": "rollback failed", "exit_code": 20}),
        ),
    )  # fmt: skip
    assert ending.lost == {}
    assert "apart" not in words_of(ending)


@pytest.mark.parametrize(
    ("kind", "code", "said", "following"),
    [
        (Kind.DEPLOY, 10, "Refused: nothing was changed, r1 runs on as before", "correct what"),
        (Kind.DEPLOY, 20, "Gone back by itself: r1 runs again", "deploy again when"),
        (Kind.DEPLOY, 30, "A person is needed: held", "`parom resume` carries it on"),
        (Kind.ROLLBACK, 0, "Rolled back: r2 runs again", "`parom deploy` when"),
        (Kind.ROLLBACK, 20, "The rollback failed and was taken back: r1 still runs", "deploy"),
        (Kind.ROLLBACK, 21, "not all rows could come along", "deploy again"),
        (Kind.REHEARSAL, 0, "was tried out with 0 migrations on a copy", "`parom deploy`"),
        (Kind.INSTALL, 0, "Deployed: repo main runs as r2", "`parom status`"),
        (Kind.PARTIAL, 0, "Deployed: repo main runs as r2", "`parom rollback`"),
    ],
)
def test_every_end_has_a_sentence_and_a_next_command(
    kind: Kind, code: int, said: str, following: str
) -> None:
    """Whoever wakes up for it reads one line and knows what to do."""
    ending = ending_of(_plan(kind), "held", code, _told((0, "started", "", {})))
    assert said in ending.sentence
    assert following in ending.following[0]


def test_the_same_is_data() -> None:
    """A script need not read sentences."""
    ending: Ending = ending_of(_plan(Kind.INSTALL), "deployed", 0, [])
    assert ending.as_record()["exit_code"] == 0
    assert ending.stop_s is None


def test_the_ending_and_its_error_can_be_read_in_russian() -> None:
    """R-8.4: the journal keeps the error in English, with what it was made from."""
    error = json.loads(json.dumps(watch_alarmed("functionality broken", "/x: 500").as_record()))
    events = _told(
        (0, "started", "", {}),
        (5, "finished", "", {"outcome": "rolled back", "exit_code": 20, "error": error}),
    )
    russian = Words(Language.RUSSIAN)
    ending = ending_of(_plan(Kind.DEPLOY), "rolled back", 20, events, russian)
    text = words_of(ending, russian)
    assert "✗ Автоматический возврат: снова работает r1, проверено до открытия (код 20)" in text
    assert "почему:   " in text
    assert ": /x: 500. [watch.alarm]" in text
    assert "functionality broken" not in text
    assert "решение:  Возвращается прежний релиз; замеры есть в отчёте." in text
    assert "всего 5 с" in text


def test_a_plan_says_what_each_migration_took_and_locked() -> None:
    """Whether a table stands still for a second or an hour is why somebody asks for a plan."""
    rehearsed = {
        "predicted_stop_s": 2.0,
        "applied": [
            {"migration": "notes.0002_length", "seconds": 0.051},
            {"migration": "notes.0003_index", "seconds": 1.5},
        ],
        "locks": [
            {"migration": "notes.0002_length", "table": "notes_note", "mode": "ACCESS EXCLUSIVE",
             "seconds": 0.04},
            {"migration": "notes.0003_index", "table": "", "mode": "", "seconds": 1.5},
        ],
    }  # fmt: skip
    told = _told((0, "started", "", {}), (1, "ok", "rehearsal.run", rehearsed))
    ending = ending_of(_plan(Kind.REHEARSAL), "as it was", 0, told)
    assert ending.tried == (
        "notes.0002_length in 0.05 s; locked notes_note (ACCESS EXCLUSIVE) 0.04 s",
        "notes.0003_index in 1.50 s; locked what could not be looked at",
    )
    assert "  tried: notes.0002_length in 0.05 s" in words_of(ending)
    assert ending_of(_plan(Kind.DEPLOY), "deployed", 0, told).tried == ()
