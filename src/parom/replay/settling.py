"""Rounds of a replay until one leaves nothing behind that cannot stay. Pure.

The rows apart only grow, and with all apart the copy is the snapshot: it ends. After thirty rounds
whole tables go apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

from parom.replay.apart import Apart, Why, is_carried

_MOST_ROUNDS = 30
Tried = Callable[[Mapping[str, Apart]], Mapping[str, Apart]]
"""Carries all rows but those apart; where some cannot stay so, takes all back and names them."""


def settled(
    tables: Sequence[Sequence[str]], apart: Mapping[str, Apart], tried: Tried
) -> dict[str, Apart]:
    """All rows apart, once the rest is carried; `tables` are the names of each table's rows."""
    apart = dict(apart)
    for number in itertools.count(1):
        more = dict(tried(apart))
        if not more:
            break
        if number >= _MOST_ROUNDS:
            more = _whole_tables(tables, apart, more)
        apart |= more
    return apart


def _whole_tables(
    tables: Sequence[Sequence[str]], apart: Mapping[str, Apart], more: Mapping[str, Apart]
) -> dict[str, Apart]:
    """The same with all rows of those tables: one row after another would not end in time."""
    failed = [names for names in tables if not more.keys().isdisjoint(names)]
    rest = {
        name: Apart(Why.NO_REPLAY)
        for names in failed
        for name in names
        if is_carried(apart.get(name))
    }
    return {**rest, **more}
