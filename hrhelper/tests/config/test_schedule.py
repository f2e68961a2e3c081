"""When an entry of the schedule is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.module_loading import import_string

from config.schedule import ROUNDS, SCHEDULE, WEEKDAYS, At, Every

MINSK = ZoneInfo("Europe/Minsk")
# 5 January 2026 is a Monday.
MONDAY = datetime(2026, 1, 5, tzinfo=MINSK)
RATES = At((11, 16), WEEKDAYS)


def at(day, hour, minute=0):
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("last", "began", "now", "due"),
    [
        (None, at(0, 9), at(0, 10, 59), False),
        (None, at(0, 9), at(0, 11), True),
        (None, at(0, 11, 1), at(0, 15, 59), False),  # what passed before is not made up for
        (at(0, 11), at(0, 9), at(0, 11, 20), False),  # once
        (at(0, 11), at(0, 9), at(0, 16), True),
        (at(4, 16), at(0, 9), at(5, 11), False),  # Saturday
        (at(4, 16), at(0, 9), at(6, 23), False),
        (at(4, 16), at(0, 9), at(7, 11), True),
    ],
)
def test_moments_of_the_day(last, began, now, due):
    """Weekdays at 11:00 and 16:00, as the bank's rates are fetched."""
    assert RATES.is_due(last, began, now) is due


def test_interval_begins_at_once():
    """And then counts from the call of before."""
    every = Every(600)
    assert every.is_due(None, at(0, 9), at(0, 9))
    assert not every.is_due(at(0, 9), at(0, 9), at(0, 9, 9))
    assert every.is_due(at(0, 9), at(0, 9), at(0, 9, 10))


@pytest.mark.parametrize("path", [*(one.call for one in SCHEDULE.values()), *ROUNDS.values()])
def test_every_call_of_the_tables_is_there(path):
    """A wrong path would show itself at eleven o'clock."""
    assert callable(import_string(path))
