"""The hash chain finds any event that is not what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parom.journal import chain
from parom.journal.anchor import Anchor, anchor_of, short
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


def test_an_event_added_behind_the_head_is_found() -> None:
    """One whose digest fits, as whoever knows how it is made would make it."""
    last = Event.objects.order_by("number").last()
    assert last is not None
    with altered():
        digest = chain._digest(last.digest, last.number + 1, "", "", "ok", "", "{}")
        Event.objects.create(
            number=last.number + 1, run_id="", at="", kind="ok", step="", data="{}", digest=digest
        )
        broken = chain.verify()
        assert broken is not None
        assert broken.number == last.number + 1


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_two_swapped_events_are_found(data: st.DataObject) -> None:
    """Each with its own digest: what happened, in another order."""
    one, other = data.draw(
        st.lists(st.sampled_from(numbers()), min_size=2, max_size=2, unique=True)
    )
    with altered():
        rows = Event.objects
        for number, moved in ((one, -1), (other, one), (-1, other)):
            rows.filter(number=number).update(number=moved)
        broken = chain.verify()
        assert broken is not None
        assert broken.number == min(one, other)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_missing_end_is_found(data: st.DataObject) -> None:
    """However much of it."""
    number = data.draw(st.sampled_from(numbers()))
    with altered():
        Event.objects.filter(number__gte=number).delete()
        broken = chain.verify()
        assert broken is not None
        assert broken.number == number


@pytest.mark.parametrize("change", [{"number": 3}, {"number": 10**6}, {"digest": "0" * 64}, None])
def test_an_altered_head_is_found(change: dict[str, object] | None) -> None:
    """Also one that is gone."""
    with altered():
        if change is None:
            Head.objects.all().delete()
        else:
            Head.objects.update(**change)
        assert chain.verify() is not None


def written_anew(after: int, alter: Callable[[Event], object]) -> None:
    """What somebody does who has the whole file: the events from `after` on get digests that fit,
    and the head follows."""
    previous = Event.objects.filter(number__lt=after).order_by("-number").first()
    digest, number = (previous.digest, previous.number) if previous else ("0" * 64, 0)
    for event in Event.objects.filter(number__gte=after).order_by("number"):
        alter(event)
        fields = (event.run_id, event.at, event.kind, event.step, event.data)
        digest, number = chain._digest(digest, event.number, *fields), event.number
        event.digest = digest
        event.save()
    Head.objects.update(number=number, digest=digest)


def anchors() -> list[Anchor]:
    """As reports and notices note them."""
    found = [anchor_of(short(one.told().anchor)) for one in Event.objects.order_by("number")]
    assert all(found)
    return [one for one in found if one]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_chain_written_anew_is_found_by_what_was_noted_elsewhere(data: st.DataObject) -> None:
    """In itself it holds: whoever can write all of it can do that. Every place that was noted at
    or after the change tells it, and those before say nothing wrong."""
    number = data.draw(st.sampled_from(numbers()))
    noted = data.draw(st.sampled_from(anchors()))
    with altered():
        written_anew(number, lambda one: setattr(one, "step", f"{one.step}, they say"))
        assert chain.verify() is None
        broken = chain.verify([noted])
        assert (broken is not None) is (noted.number >= number)
        assert broken is None or broken.number == noted.number


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_chain_cut_off_with_its_head_is_found_by_what_was_noted_elsewhere(
    data: st.DataObject,
) -> None:
    number = data.draw(st.sampled_from(numbers()))
    noted = data.draw(st.sampled_from(anchors()))
    with altered():
        Event.objects.filter(number__gte=number).delete()
        written_anew(number, lambda _: None)
        assert chain.verify() is None
        broken = chain.verify([noted])
        assert (broken is not None) is (noted.number >= number)
        assert broken is None or broken.number == number


@pytest.mark.parametrize(
    "text", ["", "12", "12:", "0:" + "a" * 16, "3:" + "a" * 15, "3:" + "g" * 16]
)
def test_what_is_no_anchor_is_none(text: str) -> None:
    """Too few digits prove nothing."""
    assert anchor_of(text) is None


def test_whoever_appends_meanwhile_disturbs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain is looked at while an engine is at work; that is no alteration."""
    looked = chain._walk

    def appending(*given: Any) -> Any:
        chain.append("chain", "test", "before the look", {})
        found = looked(*given)
        chain.append("chain", "test", "after the look", {})
        return found

    monkeypatch.setattr(chain, "_walk", appending)
    assert chain.verify() is None


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
