"""Deployments that can still be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.models.bed import Named, State
from tests.models.deployment import Deployment
from tests.models.evolving import RENAMES
from tests.models.law import Crossing, Listed, Name
from tests.models.putting_back import Left
from tests.models.schema import Number, Schema

_RENAMES = tuple("".join(map(str.title, one.split())) for one in RENAMES)


@dataclass
class Run:
    """A deployment that can be taken back."""

    deployment: Deployment
    crossing: Crossing
    operations: Sequence[str]
    given: dict[Number, set[int]]
    """Ids that were given out before it."""
    migrations_before: Named

    @property
    def changes_names_alone(self) -> bool:
        is_renamed = all(one.startswith(_RENAMES) for one in self.operations)
        return is_renamed and self.crossing.by_hand is None

    def left(self, last: State, returned: State, listed: dict[Name, Listed]) -> Left:
        """What its return left in quarantine."""
        one = self.crossing
        return Left(self.deployment, one.before, one.after, last, returned, listed)


def ids_in(schema: Schema, state: State) -> Iterator[tuple[Number, set[int]]]:
    """By table, the keys that the database gives out itself."""
    for number, shape in schema.tables.items():
        if shape.counts:
            keys = state[number]
            yield number, {int(one[1] if isinstance(one, tuple) else one) for one in keys}
