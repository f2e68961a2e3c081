"""The scheduler without a broker."""

from datetime import timedelta

from django.utils import timezone

from apps.core.due import Clock
from config.schedule import Entry, Every

CALLS = []


def one():
    CALLS.append("one")


def broken():
    CALLS.append("broken")
    raise RuntimeError("broken on purpose")


def test_failing_entry_does_not_keep_the_others_waiting(caplog):
    """And is called again only when it is due again: the log stays readable."""
    CALLS.clear()
    moments = [timezone.localtime()]
    table = {
        "broken": Entry(f"{__name__}.broken", Every(60)),
        "one": Entry(f"{__name__}.one", Every(600)),
    }
    clock = Clock(table, lambda: moments[-1])
    assert clock.call_what_is_due() == ["broken", "one"]
    assert clock.call_what_is_due() == []
    moments.append(moments[0] + timedelta(seconds=60))
    assert clock.call_what_is_due() == ["broken"]
    assert CALLS == ["broken", "one", "broken"]
    assert [one.getMessage() for one in caplog.records] == ["broken failed"] * 2
