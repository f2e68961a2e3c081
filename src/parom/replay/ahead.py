"""What was carried while the newer release was still served, of a return that catches up later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parom.replay.apart import Apart, is_carried


@dataclass(frozen=True)
class Ahead:
    """The rows that a copy has in it, as they were at one instant."""

    carried: Mapping[str, str]
    """The newer release's table of each, by the row's name (`name_of`)."""

    def stands_against(self, apart: Mapping[str, Apart], apart_tables: Mapping[str, Apart]) -> bool:
        """Whether a row that is apart now, by itself or with its table, was carried then: the copy
        no longer has of it what the snapshot has."""
        return not apart_tables.keys().isdisjoint(self.carried.values()) or any(
            name in self.carried and not is_carried(one) for name, one in apart.items()
        )
