"""Durations, sizes and shares as a reader writes them."""

from __future__ import annotations

import math
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.words import figures
from parom.words.language import Language, Words

EN, RU = Words(Language.ENGLISH), Words(Language.RUSSIAN)


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0.0, "0 ms", "0 мс"),
        (0.0042, "4.2 ms", "4,2 мс"),
        (0.35, "350 ms", "350 мс"),
        (3.46, "3.5 s", "3,5 с"),
        (59.97, "1 min 00 s", "1 мин 00 с"),
        (0.9996, "1 s", "1 с"),
        (125.4, "2 min 05 s", "2 мин 05 с"),
        (4500, "1 h 15 min", "1 ч 15 мин"),
        (90_000, "1 d 1 h", "1 дн. 1 ч"),
    ],
)
def test_duration(seconds: float, english: str, russian: str) -> None:
    """From milliseconds to days."""
    assert figures.duration(EN, seconds) == english
    assert figures.duration(RU, seconds) == russian


@given(st.floats(min_value=0, max_value=1e7, allow_nan=False))
def test_a_duration_is_never_nothing_or_a_full_unit_too_many(seconds: float) -> None:
    """60 s or 1000 ms would be a slip of rounding."""
    text = figures.duration(EN, seconds)
    assert text
    assert "1000 ms" not in text
    assert not text.startswith("60 s")


@given(st.floats(min_value=1e-9, max_value=1, allow_nan=False))
def test_a_share_that_is_not_nothing_is_not_shown_as_a_negative(share: float) -> None:
    assert math.isfinite(float(figures.share(EN, share).removesuffix(" %")))


def test_times_are_those_of_the_readers_clock() -> None:
    """The journal is in UTC; the wall is not."""
    minsk = timezone(timedelta(hours=3))
    at = "2026-01-31T22:30:00+00:00"
    assert figures.moment(EN, at, minsk) == "2026-02-01 01:30:00"
    assert figures.moment(RU, at, minsk) == "01.02.2026 01:30:00"
    assert figures.clock(at, UTC) == "22:30:00"
    assert figures.offset(at, minsk) == "UTC+03:00"
