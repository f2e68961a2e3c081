"""The PostgreSQL server breaks down and comes again, or a connection to it is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults.full import settled
from tests.faults.scenarios import Scenario
from tests.faults.scene import Scene
from tests.faults.stage import restore, start_services, take_down
from tests.faults.writer import Writer

_SENT = re.compile(r":effect-sent-(COMMIT|CREATE~DATABASE)")
_BEGUN = re.compile(r":(undo-)?after-intent$")
_ELSEWHERE = re.compile(r"(installation|release\.(fetch|build|record)|cutover)\b")
"""Steps that do nothing on the server and nothing to the services."""
_SWAPS = re.compile(r"database\.(snapshot|return):effect-(statement|sent-COMMIT)")


def ended_at(scenario: Scenario, passed: Sequence[str]) -> list[str]:
    """Where the server ends: as each step begins, and while it makes a database or ends a
    transaction for Parom. Of a run that goes back, on its way back."""
    found = [one for one in passed if _BEGUN.search(one) or _SENT.search(one)]
    found = [one for one in found if not _ELSEWHERE.match(one)]
    return found if scenario.name == "good" else _on_the_way_back(scenario, passed, found)


def cut_at(scenario: Scenario, passed: Sequence[str]) -> list[str]:
    """Where the connection is lost: at each statement of a swap, and with the answer to what
    makes a database or ends a transaction."""
    found = [one for one in passed if _SWAPS.match(one) or _SENT.search(one)]
    return found if scenario.name == "good" else _on_the_way_back(scenario, passed, found)


def run_ended(scenario: Scenario, point: str, then: str, pristine: Path, top: Path) -> list[str]:
    """The server is ended at a point, in the middle of everything, and started again."""

    def strike(scene: Scene) -> None:
        server = scene.slot.server
        assert server is not None
        with scene.paused_at(point, scenario.command):
            server.stop("immediate")
            server.start()

    return _run(scenario, then, pristine, top, strike)


def run_cut(scenario: Scenario, point: str, then: str, pristine: Path, top: Path) -> list[str]:
    """The connection of the engine is lost at a statement."""

    def strike(scene: Scene) -> None:
        reached = scene.slot.top / "reached"
        ran = scene.slot.engine(scenario.command, FAULT_CUT=point, FAULT_REACHED=str(reached))
        if not reached.exists():
            scene.found.append(f"{point} was not reached: {ran.returncode} {ran.stderr[-1500:]}")
        reached.unlink(missing_ok=True)
        (scene.slot.top / "migrating").unlink(missing_ok=True)

    return _run(scenario, then, pristine, top, strike)


def _on_the_way_back(scenario: Scenario, passed: Sequence[str], found: Sequence[str]) -> list[str]:
    if scenario.name == "hand":
        return [one for one in found if one.startswith(("capture.", "database.", "return."))]
    turned = passed.index("run:before-turn-back")
    return [one for one in found if passed.index(one) > turned]


def _run(
    scenario: Scenario,
    then: str,
    pristine: Path,
    top: Path,
    strike: Callable[[Scene], None],
) -> list[str]:
    slot = restore(pristine, top, scenario)
    writer = Writer(slot.ferry.port)
    try:
        scene = Scene(slot, scenario, writer, start_services(slot))
        writer.start()
        if not scene.found and not writer.wait_for_more(2, 60):
            scene.found.append("nobody could write before the run")
        if not scene.found:
            strike(scene)
        return scene.found or settled(slot, scenario, writer, then)
    finally:
        writer.stop()
        take_down(top)
