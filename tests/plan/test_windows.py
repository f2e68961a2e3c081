"""At which hours an installation may be stopped, with clocks that are put forward and back."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parom.plan.windows import (
    Hours,
    Permission,
    Span,
    Windows,
    hours_at,
    is_allowed,
    next_opening,
)

MINSK, BERLIN = ZoneInfo("Europe/Minsk"), ZoneInfo("Europe/Berlin")
NIGHT, RESERVE, DAY = (
    Span(time(2), time(4)),
    Span(time(14), time(16)),
    Span(time(9), time(17)),
)


def plan_of(zone: ZoneInfo) -> Windows:
    """The team's own."""
    return Windows(zone, (NIGHT,), (RESERVE,), (DAY,))


@pytest.mark.parametrize(
    ("clock", "hours"),
    [
        ("01:59", Hours.ORDINARY),
        ("02:00", Hours.RECOMMENDED),
        ("03:59", Hours.RECOMMENDED),
        ("04:00", Hours.ORDINARY),
        ("09:00", Hours.AVOIDED),
        ("13:59", Hours.AVOIDED),
        ("14:00", Hours.RESERVE),
        ("15:59", Hours.RESERVE),
        ("16:00", Hours.AVOIDED),
        ("17:00", Hours.ORDINARY),
    ],
)
def test_the_reserve_wins_inside_the_avoided_hours(clock: str, hours: Hours) -> None:
    moment = datetime.combine(datetime(2026, 11, 26).date(), time.fromisoformat(clock), MINSK)
    assert hours_at(plan_of(MINSK), moment) is hours
    assert hours_at(plan_of(MINSK), moment.astimezone(UTC)) is hours


@pytest.mark.parametrize(
    ("hours", "reason", "override", "allowed"),
    [
        (Hours.RECOMMENDED, "", False, True),
        (Hours.ORDINARY, "", False, True),
        (Hours.RESERVE, "", False, False),
        (Hours.RESERVE, "", True, False),
        (Hours.RESERVE, "a fix", False, True),
        (Hours.AVOIDED, "a fix", False, False),
        (Hours.AVOIDED, "", True, False),
        (Hours.AVOIDED, "a fix", True, True),
    ],
)
def test_what_each_hour_asks_for(hours: Hours, reason: str, override: bool, allowed: bool) -> None:
    assert is_allowed(hours, Permission(reason, override)) is allowed


def test_a_span_goes_past_midnight() -> None:
    late = Span(time(22), time(2))
    assert [late.holds(time(hour)) for hour in (21, 22, 23, 0, 1, 2)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip


def test_a_span_that_ends_where_it_begins_is_the_whole_day() -> None:
    whole = Span(time(0), time(0))
    assert whole.holds(time(0))
    assert whole.holds(time(23, 59, 59))


def test_an_hour_that_is_skipped_in_spring_is_no_window() -> None:
    """In Berlin 02:00 to 03:00 does not exist on 29 March 2026."""
    windows = Windows(BERLIN, (Span(time(2), time(3)),), (), ())
    found = next_opening(windows, datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert found == datetime(2026, 3, 30, 2, tzinfo=BERLIN)


def test_a_window_over_the_skipped_hour_opens_after_it() -> None:
    windows = Windows(BERLIN, (Span(time(2, 30), time(4)),), (), ())
    found = next_opening(windows, datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert found == datetime(2026, 3, 29, 3, tzinfo=BERLIN)


def test_an_hour_that_comes_twice_in_autumn_is_a_window_twice() -> None:
    """On 25 October 2026 clocks in Berlin go from 03:00 back to 02:00."""
    windows = Windows(BERLIN, (Span(time(2), time(2, 30)),), (), ())
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    again = next_opening(windows, first + timedelta(minutes=30))
    assert next_opening(windows, datetime(2026, 10, 24, 12, tzinfo=UTC)) == first
    assert again == first + timedelta(hours=1)


def test_a_window_is_waited_for_only_where_there_is_one() -> None:
    windows = Windows(MINSK, (), (), (DAY,))
    assert next_opening(windows, datetime(2026, 11, 26, tzinfo=UTC)) is None


times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
spans = st.builds(Span, times, times)
zones = st.sampled_from(
    ["Europe/Minsk", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu",
     "Africa/Casablanca", "America/Havana", "Pacific/Chatham", "Asia/Kolkata", "Africa/Cairo"]
).map(ZoneInfo)  # fmt: skip
"""Offsets of half an hour and of three quarters, a clock that is set by half an hour, at midnight
(Havana, Cairo), and for Ramadan."""
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)


@cache
def changes(zone: ZoneInfo) -> tuple[datetime, ...]:
    """When the clock is set, to the minute."""
    found, moment = [], FIRST
    while moment < LAST:
        later = moment + timedelta(hours=6)
        if zone.utcoffset(moment.astimezone(zone)) != zone.utcoffset(later.astimezone(zone)):
            minutes = (moment + timedelta(minutes=one) for one in range(1, 361))
            before = zone.utcoffset(moment.astimezone(zone))
            found.append(
                next(one for one in minutes if zone.utcoffset(one.astimezone(zone)) != before)
            )
        moment = later
    return tuple(found)


def minute_of_the_day(zone: ZoneInfo, moment: datetime) -> int:
    """By the offset alone."""
    offset = zone.utcoffset(moment.astimezone(zone))
    assert offset is not None
    return ((moment - FIRST) // timedelta(minutes=1) + offset // timedelta(minutes=1)) % 1440


def is_in(span: Span, minute: int) -> bool:
    """By counting on from the beginning, around midnight."""
    begin, end = (one.hour * 60 + one.minute for one in (span.begin, span.end))
    return (minute - begin) % 1440 < ((end - begin) % 1440 or 1440)


@st.composite
def zoned_moments(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """Any moment; half of them within a day of one in which the clock is set."""
    zone = draw(zones)
    anywhere = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
    seconds = st.integers(-43_200, 43_200)
    near = [
        seconds.map(lambda one, at=at: at + timedelta(seconds=one))  # type: ignore[misc]
        for at in changes(zone)
    ]
    return zone, draw(st.one_of(anywhere, st.one_of(near)) if near else anywhere)


def test_the_clock_is_set_in_some_of_the_zones() -> None:
    """Or the properties below would say less than they seem to."""
    assert len(changes(ZoneInfo("Europe/Berlin"))) == 4
    assert changes(ZoneInfo("Europe/Berlin"))[0] == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert changes(ZoneInfo("Asia/Kathmandu")) == ()
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    moment = changes(lord_howe)[0]
    assert minute_of_the_day(lord_howe, moment) == 90  # from 02:00 back to 01:30


@given(zoned_moments(), st.lists(spans, max_size=2), spans, st.lists(spans, max_size=2))
@settings(max_examples=300, deadline=None)
def test_each_moment_is_what_the_clock_on_the_wall_says(
    zoned: tuple[ZoneInfo, datetime], recommended: list[Span], reserve: Span, avoid: list[Span]
) -> None:
    """Worked out in another way, also in the hours that come twice."""
    zone, moment = zoned
    minute = minute_of_the_day(zone, moment)
    expected = Hours.ORDINARY
    for hours, named in (
        (Hours.AVOIDED, avoid),
        (Hours.RESERVE, [reserve]),
        (Hours.RECOMMENDED, recommended),
    ):
        if any(is_in(one, minute) for one in named):
            expected = hours
    windows = Windows(zone, tuple(recommended), (reserve,), tuple(avoid))
    assert hours_at(windows, moment) is expected
    assert hours_at(windows, moment.astimezone(zone)) is expected


@given(zoned_moments(), st.lists(spans, min_size=1, max_size=2), st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_next_opening_is_the_first(
    zoned: tuple[ZoneInfo, datetime], recommended: list[Span], local: bool
) -> None:
    """It is in the window, not before what was asked, and no minute before it is in the window;
    whichever zone the question is asked in."""
    zone, after = zoned
    windows = Windows(zone, tuple(recommended), (), ())
    found = next_opening(windows, after.astimezone(zone) if local else after)
    assert found is not None
    assert found >= after
    assert found == after or not found.second
    minutes = math.ceil((found - after) / timedelta(minutes=1))
    earlier = (minute_of_the_day(zone, after + timedelta(minutes=one)) for one in range(minutes))
    assert not any(is_in(one, minute) for minute in earlier for one in recommended)
    assert any(is_in(one, minute_of_the_day(zone, found)) for one in recommended)
