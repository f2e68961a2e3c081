"""What becomes of letters: in order, again after a failure, never again after a success."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import DatabaseError

from parom.adapters.notifiers.memory import MemoryNotifier
from parom.courier.delivering import Delivery
from parom.courier.pace import Pace
from parom.errors import notices as errors
from parom.journal import chain, outbox
from parom.journal.models import Event, Letter
from parom.message import Message, Receipt, Tone
from parom.wiring import SystemClock
from tests.adapters.notifiers.conftest import channel
from tests.adapters.notifiers.slack_server import serving
from tests.courier.clock import TestClock
from tests.support.waiting import PATIENCE_S, wait_until

BUSY = errors.busy("a place", 429, 60)
DOWN = errors.unreachable("a place", "Connection refused")


@dataclass
class Desk:
    """One place, with the delivery to it."""

    place: MemoryNotifier = field(default_factory=MemoryNotifier)
    clock: TestClock = field(default_factory=TestClock)

    def __post_init__(self) -> None:
        self.delivery = Delivery({"here": self.place}, self.clock)

    def put(self, *titles: str) -> None:
        for title in titles:
            self.clock.passed += 0.001
            outbox.put("here", title, "run", "start", Message(title), self.clock.now())

    def rounds(self, count: int, seconds: float = 2.0) -> None:
        """Each begins what is due, and sees it to its end."""
        for _ in range(count):
            self.clock.passed += seconds
            self.delivery.step()
            for _, attempt in self.delivery.under_way.values():
                assert attempt.done.wait(PATIENCE_S)
            self.delivery.step(may_begin=False)

    def titles(self) -> list[str]:
        return [one.title for one in self.place.messages]


def events(kind: str) -> list[dict[str, object]]:
    found = Event.objects.filter(run_id="run", kind=kind).order_by("number")
    return [json.loads(one.data) for one in found]


def test_letters_arrive_once_and_in_order() -> None:
    desk = Desk()
    desk.put("before", "start", "success")
    desk.put("before", "start")
    desk.rounds(6)
    assert desk.titles() == ["before", "start", "success"]


def test_one_that_fails_keeps_those_after_it() -> None:
    """ "Finished" before "started" would be read as another deployment."""
    desk = Desk()
    desk.place.fails = [DOWN, DOWN]
    desk.put("start", "success")
    desk.rounds(1)
    assert desk.titles() == []
    desk.rounds(6)
    assert desk.titles() == ["start", "success"]


def test_every_attempt_is_in_the_journal() -> None:
    """R-8.3: the attempt is recorded, and when it is made again."""
    known = len(events("notice-failed")), len(events("notice-delivered"))
    desk = Desk()
    desk.place.fails = [DOWN, BUSY]
    desk.put("start")
    desk.rounds(40)
    failed = events("notice-failed")[known[0] :]
    assert [(one["attempt"], one["again_s"]) for one in failed] == [(1, 2.0), (2, 60)]
    (delivered,) = events("notice-delivered")[known[1] :]
    assert delivered == {"topic": "start", "place": "here", "attempt": 3}
    assert chain.verify() is None


def test_nobody_is_asked_earlier_than_they_wish() -> None:
    desk = Desk()
    desk.place.fails = [BUSY]
    desk.put("start")
    desk.rounds(1)
    desk.rounds(29)
    assert desk.titles() == []
    desk.rounds(2)
    assert desk.titles() == ["start"]


def test_an_edit_is_of_the_newest_text_alone() -> None:
    """What changed five times while Slack was away is one edit."""
    desk = Desk()
    for text in ("one", "two", "three"):
        outbox.rewrite("here", "board", "run", "board", Message(text), desk.clock.now())
    desk.rounds(1)
    assert desk.titles() == ["three"]
    for text in ("four", "five", "five"):
        outbox.rewrite("here", "board", "run", "board", Message(text), desk.clock.now())
    desk.rounds(3)
    assert desk.titles() == ["five"]


def test_a_text_that_changed_under_way_is_delivered_too() -> None:
    """The first delivery must not count for what was never sent."""
    desk = Desk()
    outbox.rewrite("here", "board", "run", "board", Message("old"), desk.clock.now())
    desk.clock.passed += 1
    desk.delivery.step()
    outbox.rewrite("here", "board", "run", "board", Message("new"), desk.clock.now())
    desk.rounds(3)
    assert desk.titles() == ["new"]


def test_lines_join_those_that_wait_and_lose_none() -> None:
    """Thirty steps are a few messages, also when more come while one is under way."""
    desk = Desk()
    now = desk.clock.now
    outbox.put("here", "board", "run", "board", Message("board"), now())
    outbox.append_lines("here", "s1", "run", ["1"], now(), "board")
    outbox.append_lines("here", "s2", "run", ["2"], now(), "board")
    desk.rounds(1)
    desk.clock.passed += 2
    desk.delivery.step()
    outbox.append_lines("here", "s3", "run", ["3"], now(), "board")
    desk.rounds(3)
    outbox.append_lines("here", "s4", "run", ["4"], now(), "board")
    desk.rounds(2)
    assert [one.lines for one in desk.place.messages] == [(), ("1", "2", "3"), ("4",)]
    assert desk.place.messages[1].under == Receipt("memory", "1")


def test_it_keeps_tone_and_loudness() -> None:
    desk = Desk()
    sent = Message("a", ("b",), Tone.FAILURE, is_loud=True)
    outbox.put("here", "k", "run", "failure", sent, desk.clock.now())
    desk.rounds(1)
    assert desk.place.messages == [sent]


def test_old_news_is_given_up() -> None:
    """Nobody wants to read on Monday that a deployment of last Thursday begins."""
    desk = Desk()
    desk.place.fails = [DOWN] * 10_000
    desk.put("start")
    desk.rounds(2)
    desk.rounds(1, seconds=3 * 86_400 + 1)
    assert outbox.waiting().count() == 0
    assert events("notice-given-up")[-1]["topic"] == "start"


@dataclass
class Hanging:
    """Answers when it is let go, and counts who asks."""

    can_edit: bool = False
    asked: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)

    def deliver(self, message: Message) -> Receipt:
        self.asked += 1
        self.let_go.wait()
        return Receipt()


def test_one_place_that_hangs_keeps_no_other() -> None:
    """And it is left after its time, also where the library has no limit."""
    clock, hanging, other = TestClock(), Hanging(), MemoryNotifier()
    delivery = Delivery({"hangs": hanging, "works": other}, clock)
    try:
        for place in ("hangs", "works"):
            outbox.put(place, "k", "run", "start", Message("start"), clock.now())
        delivery.step()
        wait_until(lambda: len(other.messages) == 1, "the other has it")
        delivery.step()
        assert list(delivery.under_way) == ["hangs"]
        clock.passed += 31
        delivery.step(may_begin=False)
        assert Letter.objects.get(place="hangs").problem == (
            "hangs could not be reached: no answer within 30 s."
        )
        assert hanging.asked == 1
    finally:
        hanging.let_go.set()


def test_a_library_that_breaks_is_a_failure_without_its_words() -> None:
    """They may hold a password."""

    class Broken(MemoryNotifier):
        def deliver(self, message: Message) -> Receipt:
            raise RuntimeError("password hunter2")

    desk = Desk(Broken())
    desk.put("start")
    desk.rounds(1)
    problem = Letter.objects.get(place="here").problem
    assert "RuntimeError" in problem
    assert "hunter2" not in problem


def test_what_cannot_be_written_down_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk must not fill the channel."""
    desk = Desk()
    desk.put("start")

    def full(*_: object) -> None:
        raise DatabaseError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "note_delivered", full)
        desk.rounds(5)
    assert desk.titles() == ["start"]
    assert outbox.waiting().count() == 1
    desk.rounds(3)
    assert desk.titles() == ["start"]
    assert outbox.waiting().count() == 0


def test_an_answer_that_never_ends_is_left(tmp_path: Path) -> None:
    """A byte now and then: no wait on the socket is ever long, and the sum has no end."""
    with serving("xoxb-canary") as slack:
        slack.drips = True
        delivery = Delivery(
            {"drips": channel(tmp_path, slack)}, SystemClock(), Pace(limit_s=0.5, gap_s=60)
        )
        outbox.put("drips", "k", "run", "start", Message("start"), delivery.clock.now())

        def has_failed() -> bool:
            delivery.step()
            return Letter.objects.get(place="drips").attempts == 1

        wait_until(has_failed, "it is left")
        assert "no answer within 0.5 s" in Letter.objects.get(place="drips").problem
