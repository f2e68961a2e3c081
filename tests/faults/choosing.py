"""Which points of a run are struck: all of them, or a spread sample.

A run's points are struck where they tell something new. A deployment that goes back is, up
to its opening, the same as one that goes well: a sample of that stretch is enough. Points of
the cutover take turns between an engine that has done everything itself and one that took
over a prepared run from an engine that had been killed before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tests.faults.cases import Case
from tests.faults.scenarios import Scenario

_MIDDLES = 2
"""Of a step's checkpoints: a watch passes one at each probe."""
_EFFECTS = {"releases": 2, "in-place": 1}
"""Of a step's effects: so many, the first and the last among them."""
_SAME_ON_BOTH = frozenset(
    {
        "gates.code",
        "backup.online",
        "rehearsal.run",
        "baseline.measure",
        "database.precopy",
        "migration.load",
        "backup.final",
        "watch.run",
    }
)
"""Steps in which neither layout nor services nor gateway have a part: all their points are
struck on one layout, one point of each on the other."""
_PREFIX = 8
_CUT_EVERY, _NEXT_EVERY = 5, 4
_MIGRATES = ("rehearsal.run", "database.migrate")
_PREPARED = "gateway.hold:before-intent"
_SHORT = {"good": 8, "auto": 6, "hand": 4, "early": 2, "forth": 2}


def chosen(scenario: Scenario, passed: Sequence[str], *, short: bool) -> list[Case]:
    """The cases of a scenario, in the order of its points."""
    points = points_of(scenario, passed)
    if short:
        start = 0 if scenario.layout == "releases" else 1
        points = spread(points[start:], _SHORT[scenario.name])
    cases = []
    for number, point in enumerate(points):
        case = Case(
            _begun_by(scenario, passed, point, number),
            point,
            ("resume", "rollback")[number % 2],
            with_next=number % _NEXT_EVERY == 0,
        )
        cases.append(case)
        if _waits_in_cutover(passed, point) and number % (3 if short else _CUT_EVERY) == 0:
            cases.append(replace(case, cut=True, with_next=False))
    return cases


def points_of(scenario: Scenario, passed: Sequence[str]) -> list[str]:
    """What is to be struck, in the order of the run."""
    picked = _picked_effects(scenario, passed)
    found = []
    for point in passed:
        number = re.search(r":middle-(\d+)$", point)
        if (":effect-" in point and point not in picked) or (number and int(number[1]) > _MIDDLES):
            continue
        step, _, at = point.partition(":")
        one_will_do = scenario.layout == "in-place" and step in _SAME_ON_BOTH
        if one_will_do and at not in ("after-intent", "undo-after-intent"):
            continue
        found.append(point)
        if at == "after-intent" and step in _MIGRATES and scenario.command == "deploy":
            found.append(f"{step}:during-migration")
    if scenario.only_undo:
        found = found[found.index("run:before-turn-back") :]
        if "gateway.hold:undo-before-outcome" in found:
            found = found[: found.index("gateway.hold:undo-before-outcome") + 1]
    if scenario.name == "auto":
        opened = found.index("gateway.open:before-intent")
        found = [*spread(found[:opened], _PREFIX), *found[opened:]]
    return found


def spread(points: Sequence[str], count: int) -> list[str]:
    """`count` of them at equal distances, the first and the last among them."""
    if len(points) <= count:
        return list(points)
    if count == 1:
        return [points[len(points) // 2]]
    return [points[round(n * (len(points) - 1) / (count - 1))] for n in range(count)]


def _picked_effects(scenario: Scenario, passed: Sequence[str]) -> set[str]:
    """Those of each step, way back apart; only where no other scenario has the same."""
    effects: dict[tuple[str, bool], list[str]] = defaultdict(list)
    back = False
    for point in passed:
        back = back or point == "run:before-turn-back"
        if ":effect-" in point and (back or scenario.name in ("good", "hand")):
            effects[point.partition(":")[0], back].append(point)
    count = _EFFECTS[scenario.layout]
    return {one for all_ in effects.values() for one in spread(all_, count)}


def _begun_by(scenario: Scenario, passed: Sequence[str], point: str, number: int) -> Scenario:
    """Whether the engine that is struck has prepared everything itself."""
    if scenario.command != "deploy" or _PREPARED not in passed:
        return scenario
    at = _place(passed, point)
    later = at is not None and at > passed.index(_PREPARED)
    return replace(scenario, prepared=later and (number % 3 != 0 or scenario.name != "good"))


def _place(passed: Sequence[str], point: str) -> int | None:
    step = point.partition(":")[0]
    named = point if point in passed else f"{step}:after-intent"
    return passed.index(named) if named in passed else None


def _waits_in_cutover(passed: Sequence[str], point: str) -> bool:
    """Whether production was touched by then and the run still waits. Before that a power cut
    is nothing that Parom did, and the services are started as after any reboot."""
    at, first = _place(passed, point), _place(passed, "gateway.hold:before-outcome")
    if first is None:
        return False
    back = _place(passed, "gateway.hold:undo-before-outcome")
    last = back if back is not None else len(passed) - 1
    return at is not None and first <= at < last
