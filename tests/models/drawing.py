"""What hypothesis thinks up: crashes, and whole deployments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.models.deployment import Crash
from tests.models.evolving import OPERATIONS
from tests.models.evolving import Drawn as Operation
from tests.models.writing import TRANSACTIONS
from tests.models.writing import Drawn as Statement

_EFFECTS = st.one_of(st.integers(1, 30), st.integers(1, 400))
_CRASH = st.tuples(st.sampled_from(["killed", "killed", "cut off"]), _EFFECTS)
CRASHES: st.SearchStrategy[list[Crash]] = st.one_of(
    st.just([]), st.lists(_CRASH, min_size=1, max_size=2)
)


MEANWHILE = st.one_of(st.none(), TRANSACTIONS)


@dataclass(frozen=True)
class Drawn:
    """A deployment that hypothesis thought up."""

    operations: Sequence[Operation]
    again: bool
    """Whether the migration has to begin anew."""
    transactions: Sequence[Sequence[Statement]]
    meddling: Sequence[Operation]
    """What somebody migrates by hand then; mostly nothing."""
    ends: str
    """Taken back in one of the ways, or open."""
    puts_back: bool
    """Whether what is in quarantine then is put back at once."""
    meanwhile: Sequence[Sequence[Statement]] | None
    """What is written while rows are carried ahead; None where none are."""
    crashes: Sequence[Crash]


CROSSINGS = st.builds(
    Drawn,
    OPERATIONS,
    st.booleans(),
    TRANSACTIONS,
    st.one_of(st.just([]), st.just([]), OPERATIONS),
    st.sampled_from(["back", "by hand", "back", "by hand", "open", "early", "given up"]),
    st.booleans(),
    MEANWHILE,
    CRASHES,
)
