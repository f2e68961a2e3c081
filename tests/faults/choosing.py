"""Which points of a run are struck: the named ones of every step, or a spread sample.

Of every step of a good deployment, of one that goes back by itself and of a rollback by hand,
on every kind of installation, these are all struck: before the intent, after it, in the middle,
before the outcome, and the same four of its taking back. On a server of PostgreSQL also around
each statement that makes or drops a database or ends a transaction, and before each one of the
swap; what comes between is taken back by the server. What is a sample, and why that is enough:

- A deployment that goes back is, up to its opening, the same as one that goes well.
- Single effects (a file written, a rename, a program started) beyond the one in the middle of
  a step: a step looks at what is there, not at how many effects it had made.
- *early* (back before the opening) takes back with the steps that *auto* takes back with, and
  *forth* (a rollback that turns) with those of *hand*: what is new is that nobody was let in.
- Who begins: most engines that are struck take over from one that was killed before (see
  `waiting`), in turns with engines that have done everything themselves.
- The next deployment and a power cut are tried after some of the points, in turns with both
  ways to go on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tests.faults.cases import Case
from tests.faults.scenarios import Scenario
from tests.faults.waiting import waits_of

_MORE_EFFECTS = {
    "releases": {"good": 10, "auto": 6, "hand": 6},
    "in-place": {"good": 6, "auto": 6, "hand": 6},
    "postgresql": {"good": 10, "auto": 6, "hand": 6},
}
"""So many beyond those in the middle of steps."""
_PREFIX = 8
_SAMPLE = {"early": 10, "forth": 8}
_CUT_EVERY, _NEXT_EVERY = 7, 7
_BEGINS_EARLIER_EVERY = {"good": 5, "auto": 9}
"""Odd, all of them: the two ways to go on take turns from point to point."""
_MIGRATES = ("rehearsal.run", "database.migrate")
_LASTING = re.compile(r":effect-(statement|sent)-(COMMIT|CREATE~DATABASE|DROP~DATABASE)")
_OF_THE_SWAP = re.compile(r"database\.(snapshot|return):effect-statement-")
_SHORT = {
    "releases": {"good": 7, "auto": 6, "hand": 4, "early": 1, "forth": 1},
    "in-place": {"good": 7, "auto": 6, "hand": 4, "early": 1, "forth": 1},
    "postgresql": {"good": 3, "auto": 2, "hand": 3, "early": 0, "forth": 0},
}


def is_sampled(scenario: Scenario) -> bool:
    """Whether the short sample has anything of it."""
    return _SHORT[scenario.kind][scenario.name] > 0


def chosen(scenario: Scenario, passed: Sequence[str], *, short: bool) -> list[Case]:
    """The cases of a scenario, in the order of its points."""
    points = points_of(scenario, passed)
    if short:
        start = 0 if scenario.kind == "releases" else 1
        points = spread(points[start:], _SHORT[scenario.kind][scenario.name])
    cases = []
    for number, point in enumerate(points):
        case = Case(
            _begun_by(scenario, passed, point, number),
            point,
            ("resume", "rollback")[number % 2],
            with_next=number % _NEXT_EVERY == 1,
        )
        cases.append(case)
        if _waits_in_cutover(passed, point) and number % (3 if short else _CUT_EVERY) == 0:
            cases.append(replace(case, cut=True, with_next=False))
    return cases


def points_of(scenario: Scenario, passed: Sequence[str]) -> list[str]:
    """What is to be struck, in the order of the run."""
    picked = _picked(scenario, passed)
    found = []
    for point in passed:
        if (":effect-" in point or "middle-" in point) and point not in picked:
            continue
        found.append(point)
        step, _, at = point.partition(":")
        if at == "after-intent" and step in _MIGRATES and scenario.command == "deploy":
            found.append(f"{step}:during-migration")
    if scenario.only_undo:
        found = found[found.index("run:before-turn-back") :]
        if "gateway.hold:undo-before-outcome" in found:
            found = found[: found.index("gateway.hold:undo-before-outcome") + 1]
        found = spread(found, _SAMPLE[scenario.name])
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


def _picked(scenario: Scenario, passed: Sequence[str]) -> set[str]:
    """The middles of steps, the way back apart, and more effects where they are new."""
    middles: dict[tuple[str, bool], list[str]] = defaultdict(list)
    effects: dict[tuple[str, bool], list[str]] = defaultdict(list)
    statements: set[str] = set()
    back = False
    for point in passed:
        back = back or point == "run:before-turn-back"
        key = point.partition(":")[0], back
        if _LASTING.search(point) or _OF_THE_SWAP.match(point):
            # Up to its opening, what goes back is the same as what goes well.
            if back or scenario.name in ("good", "hand"):
                statements.add(point)
        elif "-sent-" in point or "-statement-" in point:
            continue
        elif "middle-" in point:
            middles[key].append(point)
        elif ":effect-" in point and (back or not scenario.only_undo):
            effects[key].append(point)
    picked = {
        one
        for (step, back), points in middles.items()
        for one in _middle_of(points, effects.get((step, back), ()), back=back)
    }
    new = [
        one
        for (_, back), all_ in effects.items()
        for one in all_
        if one not in picked and (back or scenario.name != "auto")
    ]
    return (
        picked | statements | set(spread(new, _MORE_EFFECTS[scenario.kind].get(scenario.name, 0)))
    )


def _middle_of(checkpoints: Sequence[str], effects: Sequence[str], *, back: bool) -> Sequence[str]:
    """The second checkpoint: the first is passed right after the intent, with nothing between.
    A step without a second has its middle at one of its effects; where a taking back has
    neither, there is nothing between its intent and its outcome that a kill could part."""
    found = checkpoints[1:2] or effects[len(effects) // 2 :][:1]
    return found or ([] if back else checkpoints[:1])


def _begun_by(scenario: Scenario, passed: Sequence[str], point: str, number: int) -> Scenario:
    """Where the engine that is struck begins: at the last wait before the point, or earlier."""
    at = _place(passed, point)
    if at is None:
        return scenario
    waits = [one for one in waits_of(scenario) if one in passed and passed.index(one) < at]
    every = _BEGINS_EARLIER_EVERY.get(scenario.name, 0)
    if every and number % every == 0:
        # Of a run that goes back, the whole crossing is enough.
        waits = waits[:1] if scenario.name == "auto" else []
    return replace(scenario, waits_at=waits[-1] if waits else "")


def _place(passed: Sequence[str], point: str) -> int | None:
    step = point.partition(":")[0]
    named = point if point in passed else f"{step}:after-intent"
    return passed.index(named) if named in passed else None


def _waits_in_cutover(passed: Sequence[str], point: str) -> bool:
    """Whether production was touched by then and the run still waits. Before that a power cut
    is nothing that Parom did, and the services are started as after any reboot."""
    held, over = "gateway.hold:before-outcome", "run:after-finish"
    at = _place(passed, point)
    if at is None or held not in passed:
        return False
    return passed.index(held) <= at < (passed.index(over) if over in passed else len(passed) - 1)
