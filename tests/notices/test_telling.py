"""Which events of a run are told, as what, in which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from parom.journal.told import Told
from parom.message import Topic
from parom.notices.about import about_of
from parom.notices.notice import Notice
from parom.notices.telling import notices_of
from parom.plan.plan import Kind
from parom.words.language import Language, Words
from tests.notices.run import CUT_OVER, PREPARED, SETTING, at, error, started

RUSSIAN, ENGLISH = Words(Language.RUSSIAN), Words(Language.ENGLISH)


def told(events: Sequence[Told], words: Words = RUSSIAN) -> tuple[Notice, ...]:
    about = about_of("run", events)
    return notices_of(about, events, SETTING, words) if about else ()


def topics(*events: Told) -> list[Topic]:
    return [one.topic for one in told(events)]


def test_the_four_of_the_plan_are_said_to_the_letter() -> None:
    """R-8.1: the team's own words, with the time of the stop."""
    awaited = at(900, "ok", "cutover.await", waited_s=0.0)
    good = (started(), *PREPARED, awaited, *CUT_OVER, end(0, "deployed"))
    assert [one.title for one in told(good)] == [
        "Начинаем развертывание миграции в 10:00",
        "Развертывание началось",
        "Развертывание завершено успешно",
    ]
    bad = (started(), *PREPARED, *CUT_OVER, at(1300, "turned-back", error=error()))
    assert told(bad)[-1].title == "Развертывание провалено, выполняем rollback"


def test_the_same_in_english() -> None:
    """R-8.4."""
    awaited = at(900, "ok", "cutover.await", waited_s=0.0)
    turned = at(1300, "turned-back", error=error())
    events = (started(), awaited, *CUT_OVER, turned, end(20, "rolled back", error=error()))
    assert [one.title for one in told(events, ENGLISH)] == [
        "The deployment of the migration starts at 10:00",
        "The deployment has started",
        "The deployment has failed, rolling back",
        "Rolled back: the earlier release runs",
    ]


def end(code: int, outcome: str, **data: Any) -> Told:
    return at(2000, "finished", "", exit_code=code, outcome=outcome, **data)


TURNED = at(1300, "turned-back", error=error())
ASKED = at(1300, "turned-back", error=error("run.rollback-asked", "olga asked to roll back."))


@pytest.mark.parametrize(
    ("kind", "events", "expected"),
    [
        (Kind.DEPLOY, (end(0, "deployed"),), [Topic.SUCCESS]),
        (Kind.PARTIAL, (*CUT_OVER, end(0, "deployed")), [Topic.START, Topic.SUCCESS]),
        (Kind.DEPLOY, (TURNED, end(10, "refused")), [Topic.REFUSED]),
        (
            Kind.DEPLOY,
            (*CUT_OVER, TURNED, end(21, "rolled back with quarantine")),
            [Topic.START, Topic.FAILURE, Topic.ROLLED_BACK],
        ),
        (
            Kind.DEPLOY,
            (*CUT_OVER, ASKED, end(20, "rolled back")),
            [Topic.START, Topic.ROLLBACK, Topic.ROLLED_BACK],
        ),
        (
            Kind.DEPLOY,
            (*CUT_OVER, end(30, "deployed, watch inconclusive", missing=["no probe"])),
            [Topic.START, Topic.INCONCLUSIVE],
        ),
        (
            Kind.DEPLOY,
            (*CUT_OVER, at(1300, "held", exit_code=30, outcome="needs a person", error=error())),
            [Topic.START, Topic.HELD],
        ),
        (Kind.DEPLOY, (at(1, "waits-for-approval", roles=["lead"]),), [Topic.APPROVAL]),
        (Kind.DEPLOY, (*CUT_OVER, at(1300, "engine-gone")), [Topic.START, Topic.INTERRUPTED]),
        (
            Kind.DEPLOY,
            (
                at(1, "budget-overrun", phase="cutover", budget_s=900, spent_s=901),
                at(2, "budget-overrun", phase="cutover", budget_s=900, spent_s=902),
            ),
            [Topic.LATE],
        ),
        (Kind.ROLLBACK, (*CUT_OVER, end(0, "rolled back")), [Topic.ROLLBACK, Topic.ROLLED_BACK]),
        (
            Kind.ROLLBACK,
            (*CUT_OVER, TURNED, end(20, "rollback failed, the newer release runs")),
            [Topic.ROLLBACK, Topic.ROLLBACK_FAILED],
        ),
        (Kind.INSTALL, (at(1, "intent", "gateway.close"),), [Topic.START]),
        (Kind.RECOVERY, (at(1, "intent", "gateway.close"), end(0, "done")), [Topic.RECOVERED]),
        (Kind.RECOVERY, (end(30, "recovery failed", error=error()),), [Topic.HELD]),
        (Kind.REHEARSAL, (end(0, "planned"),), []),
        (Kind.DEPLOY, (at(1, "turned-back", why="it was interrupted"),), []),
    ],
)
def test_each_end_is_told_as_what_it_is(
    kind: Kind, events: tuple[Told, ...], expected: list[Topic]
) -> None:
    """A person who reads only the notices must not believe that something else happened."""
    assert topics(started(kind), *events) == expected


def test_the_time_is_told_once_and_again_only_when_it_moves() -> None:
    """A window is waited for; then an approval made it later."""
    window = at(10, "waits-for-window", until="2026-03-01T10:00:00+00:00", zone="UTC")
    on_time = at(900, "ok", "cutover.await", waited_s=890.0)
    assert topics(started(), window, on_time) == [Topic.BEFORE]
    later = at(3600, "ok", "cutover.await", waited_s=3590.0)
    assert [one.title[-5:] for one in told((started(), window, later))] == ["10:00", "10:45"]


def test_carried_on_it_does_not_start_twice() -> None:
    """`parom resume` takes the steps up where they were."""
    again = (at(1400, "engine", "", epoch=2), at(1401, "intent", "gateway.hold"))
    assert topics(started(), *CUT_OVER, *again) == [Topic.START]


def test_what_was_told_stays_as_it_was() -> None:
    """Keys and texts rest on the events up to then: nothing is told twice or anew."""
    turned = at(1300, "turned-back", error=error())
    events = (started(), *PREPARED, *CUT_OVER, turned, end(21, "x", quarantined=3))
    whole = told(events)
    for cut in range(1, len(events)):
        shorter = told(events[:cut])
        assert whole[: len(shorter)] == shorter
    assert len({one.key for one in whole}) == len(whole)


def test_it_says_what_a_person_needs() -> None:
    """Who, what, from what to what, how many migrations, how long, why, what is apart."""
    awaited = at(900, "ok", "cutover.await", waited_s=0.0)
    turned = at(1300, "turned-back", step="checks.private", error=error(fact="Form broken."))
    ended = end(21, "rolled back with quarantine", error=error(), quarantined=3, carried=1)
    events = (started(reason="срочно"), *PREPARED, awaited, *CUT_OVER, turned, ended)
    before, _, failure, back = told(events)
    assert "hr-helper, production · 01.03.2026 09:55:00 UTC" in before.lines
    assert "main 1a2b3c: r1 → r2" in before.lines
    assert {"По просьбе: olga", "Причина: срочно", "2 миграции", "Ожидаемая остановка: 2,4 с"} <= (
        set(before.lines)
    )
    assert "Почему: Form broken. [checks.failed]" in failure.lines
    assert "3 строки, записанные за это время, целиком в карантине" in back.lines
    assert "1 строка, записанная за это время, перенесена" in back.lines


def test_no_credentials_and_no_walls_of_text() -> None:
    """An error may quote an address with a password, and pages of output."""
    fact = "git said https://olga:hunter2@git.example.org " + "x " * 1000
    turned = at(1300, "turned-back", error=error(fact=fact))
    (_, failure) = told((started(), *CUT_OVER, turned))
    assert "hunter2" not in str(failure)
    assert max(map(len, failure.lines)) <= 400
