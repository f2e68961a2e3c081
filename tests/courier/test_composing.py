"""From events to letters: each once, to the places that want it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from parom.courier.composing import Composer
from parom.journal import chain, outbox
from parom.journal.models import Followed, Letter
from parom.message import Topic
from parom.notices.routes import Place, topics_named
from parom.plan.plan import Kind
from parom.words.language import Language, Words
from tests.notices.run import SETTING, error, started

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SLACK = Place("Slack", topics_named("*"), has_board=True, loud=frozenset({Topic.FAILURE}))
ALERTS = Place("Alerts", frozenset({Topic.FAILURE}))
MAIL = Place("mail", topics_named(["start", "failure"]))
COMPOSER = Composer(SETTING, Words(Language.ENGLISH), (SLACK, ALERTS, MAIL))


def begun() -> str:
    run_id = secrets.token_hex(6)
    outbox.follow(run_id)
    chain.append(run_id, "started", "", started().data)
    return run_id


def happen(run_id: str, kind: str, step: str = "", **data: Any) -> None:
    chain.append(run_id, kind, step, data)


def letters(run_id: str, place: str) -> list[tuple[str, str, Sequence[str]]]:
    found = Letter.objects.filter(run_id=run_id, place=place).order_by("queued", "id")
    return [(one.topic, one.message["title"], one.message["lines"]) for one in found]


def test_each_place_gets_what_it_wants() -> None:
    run_id = begun()
    happen(run_id, "ok", "gates.code", pending=[], warnings=0)
    happen(run_id, "intent", "gateway.hold")
    happen(run_id, "turned-back", error=error())
    COMPOSER.compose(run_id, NOW)
    assert [topic for topic, _, _ in letters(run_id, "Slack")] == [
        "board",
        "steps",
        "start",
        "failure",
    ]
    ((_, title, _),) = letters(run_id, "Alerts")
    assert title == "The deployment has failed, rolling back [hr-helper production]"
    assert [topic for topic, _, _ in letters(run_id, "mail")] == ["start", "failure"]
    loud = Letter.objects.filter(run_id=run_id, place="Slack", topic="failure").get()
    assert loud.message["is_loud"]
    assert loud.under == f"{run_id}:board"


def test_composing_again_adds_nothing() -> None:
    """A courier that was killed, and one that comes after it."""
    run_id = begun()
    for step in ("gates.code", "backup.online", "rehearsal.run"):
        happen(run_id, "ok", step)
        COMPOSER.compose(run_id, NOW)
        COMPOSER.compose(run_id, NOW)
    happen(run_id, "intent", "gateway.hold")
    COMPOSER.compose(run_id, NOW)
    whole = letters(run_id, "Slack"), letters(run_id, "mail")
    happen(run_id, "notice-delivered", topic="start", place="mail", attempt=1)
    COMPOSER.compose(run_id, NOW)
    assert (letters(run_id, "Slack"), letters(run_id, "mail")) == whole
    assert len(whole[0][1][2]) == 3
    assert Followed.objects.get(run_id=run_id).composed == 5


def test_letters_and_how_far_they_go_are_one() -> None:
    """Killed between the two, the next courier would say everything again."""
    run_id = begun()
    happen(run_id, "ok", "gates.code")

    class Cut(Exception):  # noqa: N818 - not an error: the power
        pass

    class Dying(Composer):
        def _put_notice(self, *_: Any, **__: Any) -> None:
            raise Cut

    happen(run_id, "intent", "gateway.hold")
    with contextlib.suppress(Cut):
        Dying(SETTING, COMPOSER.words, COMPOSER.places).compose(run_id, NOW)
    assert letters(run_id, "Slack") == []
    COMPOSER.compose(run_id, NOW)
    assert len(letters(run_id, "Slack")) == 3


def test_a_rehearsal_is_nobody_s_news() -> None:
    run_id = secrets.token_hex(6)
    outbox.follow(run_id)
    chain.append(run_id, "started", "", started(Kind.REHEARSAL).data)
    COMPOSER.compose(run_id, NOW)
    assert letters(run_id, "Slack") == []
