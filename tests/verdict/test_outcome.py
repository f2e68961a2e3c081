"""How outcomes become one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.outcome import Outcome, together

MANY = st.lists(st.sampled_from(Outcome))
ORDER = [Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.FAIL]


def test_nothing_is_inconclusive() -> None:
    """Missing evidence is never counted as good."""
    assert together([]) is Outcome.INCONCLUSIVE


@given(MANY)
def test_only_what_passes_throughout_passes(outcomes: list[Outcome]) -> None:
    """One that is not a pass is enough."""
    passes = bool(outcomes) and all(one is Outcome.PASS for one in outcomes)
    assert (together(outcomes) is Outcome.PASS) is passes


@given(MANY.filter(bool), st.sampled_from(Outcome))
def test_more_evidence_never_makes_it_better(outcomes: list[Outcome], one: Outcome) -> None:
    """Else a fault could be outvoted."""
    assert ORDER.index(together([*outcomes, one])) >= ORDER.index(together(outcomes))
