"""The hash chain finds any event that is not what was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parom.journal import chain
from parom.journal.models import Event, Head

_COUNT = 12


@pytest.fixture(scope="module", autouse=True)
def _events() -> None:
    for number in range(_COUNT):
        chain.append("chain", "test", f"step {number}", {"n": number, "слово": "паром"})


@contextmanager
def altered() -> Iterator[None]:
    """What happens inside is seen by the chain's check, and taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    assert chain.verify() is None


def numbers() -> list[int]:
    return list(Event.objects.order_by("number").values_list("number", flat=True))


def test_untouched_chain_holds() -> None:
    """Or every finding below would mean nothing."""
    assert chain.verify() is None
    assert Head.objects.get().number == numbers()[-1]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_altered_event_is_found(data: st.DataObject) -> None:
    """Whichever event, whichever field."""
    number = data.draw(st.sampled_from(numbers()))
    field = data.draw(st.sampled_from(["run_id", "at", "kind", "step", "data", "digest"]))
    event = Event.objects.get(number=number)
    value = data.draw(st.text(min_size=1, max_size=30).filter(lambda one: "\x00" not in one))
    if value == getattr(event, field):
        return
    with altered():
        Event.objects.filter(number=number).update(**{field: value})
        broken = chain.verify()
        assert broken is not None
        assert broken.number == number


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_removed_event_is_found(data: st.DataObject) -> None:
    """Also the last, which no later event refers to."""
    number = data.draw(st.sampled_from(numbers()))
    with altered():
        Event.objects.filter(number=number).delete()
        assert chain.verify() is not None


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_inserted_event_is_found(data: st.DataObject) -> None:
    """An event that was never appended, put in with the numbers moved to make room."""
    number = data.draw(st.sampled_from([*numbers(), numbers()[-1] + 1]))
    with altered():
        for event in Event.objects.filter(number__gte=number).order_by("-number"):
            Event.objects.filter(number=event.number).update(number=event.number + 1)
        Event.objects.create(
            number=number, run_id="", at="", kind="ok", step="", data="{}", digest="0" * 64
        )
        assert chain.verify() is not None


def test_event_and_head_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """An append that is cut off leaves the chain as it was."""
    before = numbers()

    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Head.objects, "update_or_create", cut_off)
    with pytest.raises(KeyboardInterrupt):
        chain.append("chain", "test", "", {})
    assert numbers() == before
    assert chain.verify() is None
