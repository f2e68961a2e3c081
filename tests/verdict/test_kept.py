"""Samples as rows: what was kept is judged after a restart as if nothing had happened."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parom.facts import Probe
from parom.verdict.kept import places_of, row_of, row_of_probe, samples_of
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.verdict.signature import Signature

texts = st.text(max_size=30)
times = st.floats(1.7e9, 1.9e9)
seconds = st.floats(0, 60)
signatures = st.builds(Signature, texts, texts, texts, texts)
entries = st.builds(LogEntry, signatures, texts, st.integers(1, 1000))
samples: st.SearchStrategy[Sample] = st.one_of(
    st.builds(Probed, texts, st.builds(Answer, times, st.none() | st.integers(100, 599), seconds)),
    st.builds(PageLoaded, texts, times, st.none() | seconds, texts),
    st.builds(Used, times, st.integers(0, 2**40), st.floats(0, 1).map(lambda one: round(one, 4))),
    st.builds(LogLooked, texts, times, st.lists(entries, max_size=3).map(tuple), texts),
    st.builds(
        Checked, st.sampled_from(CheckKind), texts, times, st.booleans(), texts, st.integers(0, 9)
    ),
)


@given(st.lists(samples, max_size=5))
def test_what_is_kept_comes_back_as_it_was(made: list[Sample]) -> None:
    assert list(samples_of(row_of(one) for one in made)) == made


def test_a_place_in_a_log_is_kept_with_what_was_found_up_to_it() -> None:
    """Kept apart, a restart between the two would lose lines or count them twice."""
    first = row_of(LogLooked("app", 1.0), "here")
    quiet = row_of(LogLooked("app", 2.0))
    other = row_of(LogLooked("other", 2.0), "there")
    assert places_of([first, quiet, other]) == {"app": "here", "other": "there"}


def test_a_probe_keeps_the_times_to_the_connection_and_the_first_byte() -> None:
    """R-5.5."""
    probe = Probe("GET", "http://x/", 5.0, 200, 0.3, 0.1, 0.2)
    row = row_of_probe("/x/", probe)
    assert row.data == '{"connect_s":0.1,"first_byte_s":0.2}'
    assert list(samples_of([row])) == [Probed("/x/", Answer(5.0, 200, 0.3))]
