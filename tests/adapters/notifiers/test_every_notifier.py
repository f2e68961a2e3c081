"""What every place for notices promises: one suite over all of them."""

from __future__ import annotations

from dataclasses import replace

from parom.message import Message, Receipt, Tone
from tests.adapters.notifiers.conftest import Placed

HELLO = Message(
    "Развертывание началось", ("hr-helper, production", "a < b & <!channel> *x*"), Tone.SUCCESS
)


def test_a_message_arrives_whole(placed: Placed) -> None:
    """Title and every line, in whatever alphabet."""
    placed.notifier.deliver(HELLO)
    (text,) = placed.arrived()
    assert "Развертывание началось" in text
    assert "hr-helper, production" in text


def test_messages_arrive_in_order(placed: Placed) -> None:
    for title in ("one", "two", "three"):
        placed.notifier.deliver(replace(HELLO, title=title))
    found = placed.arrived()
    assert [[one for one in ("one", "two", "three") if one in text] for text in found] == [
        ["one"],
        ["two"],
        ["three"],
    ]


def test_an_edit_replaces_where_it_can(placed: Placed) -> None:
    """And twice the same edit is one: after a crash it is simply repeated."""
    receipt = placed.notifier.deliver(HELLO)
    assert bool(receipt) is placed.notifier.can_edit
    changed = replace(HELLO, title="Развертывание завершено успешно", replaces=receipt)
    assert placed.notifier.deliver(changed) == receipt
    if not placed.notifier.can_edit:
        assert len(placed.arrived()) == 2
        return
    placed.notifier.deliver(changed)
    (text,) = placed.arrived()
    assert "завершено успешно" in text


def test_what_was_to_be_replaced_and_is_gone_is_written_anew(placed: Placed) -> None:
    """Somebody deleted it; nobody is to miss what it says now for that."""
    placed.notifier.deliver(replace(HELLO, replaces=Receipt("C01", "1600000000.000009")))
    assert len(placed.arrived()) == 1


def test_an_answer_goes_into_the_thread_where_there_are_threads(placed: Placed) -> None:
    receipt = placed.notifier.deliver(HELLO)
    placed.notifier.deliver(replace(HELLO, title="a step", under=receipt))
    assert len(placed.arrived()) == 2
