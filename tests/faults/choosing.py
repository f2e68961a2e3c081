"""Which points of a run are struck: all of them, or a spread sample."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from tests.faults.cases import Case
from tests.faults.scenarios import Scenario

_EFFECTS, _MIDDLES = 3, 3
"""Of a step's effects: this many, the first and the last among them. Of its checkpoints: so
many, since a watch passes one at each probe."""
_MIGRATES = ("rehearsal.run", "database.migrate")


def points_of(scenario: Scenario, passed: Sequence[str]) -> list[str]:
    """What is to be struck, in the order of the run."""
    effects: dict[str, list[str]] = defaultdict(list)
    for point in passed:
        if ":effect-" in point:
            effects[point.partition(":")[0]].append(point)
    picked = {one for all_ in effects.values() for one in _spread(all_, _EFFECTS)}
    found = []
    for point in passed:
        number = re.search(r":middle-(\d+)$", point)
        if ":effect-" in point and point not in picked:
            continue
        if number and int(number[1]) > _MIDDLES:
            continue
        found.append(point)
        step, _, at = point.partition(":")
        if at == "after-intent" and step in _MIGRATES and scenario.command == "deploy":
            found.append(f"{step}:during-migration")
    if scenario.only_undo:
        turned = found.index("run:before-turn-back")
        found = found[turned:]
    return found


def chosen(scenario: Scenario, passed: Sequence[str], *, short: bool) -> list[Case]:
    """The cases of a scenario. A good deployment is carried on and taken back from every
    point; where both commands go the same way, they take turns."""
    points = points_of(scenario, passed)
    if not short:
        cases = []
        for number, point in enumerate(points):
            turn = ("resume", "rollback")[number % 2]
            both = ("resume", "rollback") if scenario.name == "good" else (turn,)
            cases += [Case(scenario, point, then, with_next=number % 3 == 0) for then in both]
        return cases
    count = {"good": 10, "auto": 9, "hand": 6}.get(scenario.name, 3)
    start = 0 if scenario.layout == "releases" else 1
    spread = _spread(points[start:], count)
    return [
        Case(scenario, point, ("resume", "rollback")[number % 2], with_next=number % 3 == 0)
        for number, point in enumerate(spread)
    ]


def _spread(points: Sequence[str], count: int) -> list[str]:
    """`count` of them at equal distances, the first and the last among them."""
    if len(points) <= count:
        return list(points)
    return [points[round(n * (len(points) - 1) / (count - 1))] for n in range(count)]
