"""One case: an engine is killed at a point, a person acts, and the checker looks."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from tests.faults.checker import Expected, check
from tests.faults.scenarios import Scenario
from tests.faults.scene import Scene
from tests.faults.server_singles import SERVER_SINGLES
from tests.faults.singles import SINGLES
from tests.faults.stage import (
    BASE,
    Slot,
    cut_power,
    reached,
    restore,
    run_state,
    start_services,
    take_down,
)
from tests.faults.waiting import folder_of
from tests.faults.writer import Writer, written_before

_OVER = ("run:after-finish",)
_NOTHING_YET = ("run:before-create",)


@dataclass(frozen=True)
class Case:
    """A scenario, the point of the kill, and what is done then."""

    scenario: Scenario
    point: str
    then: str
    """resume or rollback."""
    cut: bool = False
    """Whether everything else dies with the engine, as in a power cut."""
    with_next: bool = True
    """Whether `parom status` is asked before, and the next deployment tried after."""

    @property
    def name(self) -> str:
        return f"{self.scenario.id}/{self.point}/{'cut-' if self.cut else ''}{self.then}"


def run_case(case: Case, pristine: Path, top: Path) -> list[str]:
    """What is wrong in the end; empty where all promises held."""
    slot = restore(folder_of(pristine, case.scenario.waits_at), top, case.scenario)
    writer = written_before(top, slot.ferry.port)
    try:
        if case.scenario.starts_from and (wrong := start_services(slot)):
            return wrong
        writer.start()
        return _struck(case, slot, writer)
    finally:
        writer.stop()
        left = take_down(top)
        if left:
            raise RuntimeError("; ".join(left))


def _struck(case: Case, slot: Slot, writer: Writer) -> list[str]:
    if not writer.wait_for_more(2, 60):
        return ["nobody could write before the run"]
    killed = slot.engine(
        case.scenario.next_command,
        FAULT_POINT=case.point,
        FAULT_REACHED=str(slot.top / "reached"),
    )
    if killed.returncode != -signal.SIGKILL or reached(slot) != case.point:
        return [f"the point was not reached (exit {killed.returncode}): {killed.stderr[-1500:]}"]
    (slot.top / "migrating").unlink(missing_ok=True)
    if case.cut:
        cut_power(slot)
    over = case.point in _OVER or case.point in _NOTHING_YET
    if case.with_next and (state := run_state(slot)) != ("idle" if over else "interrupted"):
        return [f"`parom status` says {state}"]
    found = []
    acted = slot.parom(case.then)
    if acted.returncode not in _codes(case):
        found.append(f"`parom {case.then}` ended with {acted.returncode}: "
                     f"{acted.stdout[-1500:]}{acted.stderr[-1500:]}")  # fmt: skip
    if not writer.wait_for_more(2, 60):
        found.append("nobody can write any more")
    found += _looked_at(case, slot, writer, frozenset({_ends_with(case)}))
    listed = [file for file in slot.ferry.root.glob(".parom/quarantine/*/*") if file.stat().st_size]
    if listed and not found:
        found.append(f"writes are in quarantine, and the migration can be mapped: {listed}")
    if not found and case.with_next:
        found += _next_deployment(case, slot, writer)
    return found


def _next_deployment(case: Case, slot: Slot, writer: Writer) -> list[str]:
    (slot.top / "refuse").unlink(missing_ok=True)
    case.scenario.source(slot.ferry, 3)
    # Nothing is to go wrong in this one: a long watch would only judge a busy machine.
    config = slot.ferry.config
    config.write_text(re.sub(r"(?m)^seconds = \d+$", "seconds = 1", config.read_text()))
    ran = slot.parom("deploy")
    if ran.returncode:
        return [f"the next deployment ended with {ran.returncode}: {ran.stdout[-1500:]}"
                f"{ran.stderr[-1500:]}"]  # fmt: skip
    return _looked_at(case, slot, writer, frozenset({3}))


def _looked_at(case: Case, slot: Slot, writer: Writer, versions: frozenset[int]) -> list[str]:
    writer.stop()
    found = check(
        Expected(
            top=slot.top,
            root=slot.ferry.root,
            layout=case.scenario.layout,
            port=slot.ferry.port,
            versions=versions,
            base=BASE,
            acknowledged=tuple(writer.acknowledged),
            attempted=tuple(writer.attempted),
            server_port=slot.server_port,
        )
    )
    writer.start()
    return found


def _ends_with(case: Case) -> int:
    scenario = case.scenario
    if case.point in _NOTHING_YET and not (case.then == "rollback" and scenario.starts_from == 2):
        return scenario.starts_from
    if case.point in _OVER:
        gone_over = case.then == "rollback" and scenario.ends_with == 2
        return 1 if gone_over else scenario.ends_with
    return scenario.ends_with if case.then == "resume" else scenario.goes_back_with


def _codes(case: Case) -> frozenset[int]:
    """Exit codes that are true of the end."""
    if case.point in (*_OVER, *_NOTHING_YET):
        return frozenset({0, 10, 21})
    if case.scenario.name == "good":
        return frozenset({0}) if case.then == "resume" else frozenset({10, 20, 21})
    if case.scenario.name == "hand":
        return frozenset({0, 21})
    return frozenset({10, 20, 21})


def run_single(name: str, scenario: Scenario, pristine: Path, top: Path) -> list[str]:
    """What a single fault leaves wrong."""
    slot = restore(pristine, top, scenario)
    writer = Writer(slot.ferry.port)
    scene = Scene(slot, scenario, writer, start_services(slot))
    writer.start()
    try:
        if not scene.found and not writer.wait_for_more(2, 60):
            scene.found.append("nobody could write before the run")
        if not scene.found:
            (SERVER_SINGLES | SINGLES)[name](scene)
        return scene.found
    finally:
        writer.stop()
        take_down(top)


def record_points(scenario: Scenario, pristine: Path, top: Path) -> tuple[list[str], list[str]]:
    """The points that an unkilled run passes, in order, and what is wrong with its end."""
    slot = restore(pristine, top, scenario)
    writer, file = Writer(slot.ferry.port), top / "points"
    try:
        if scenario.starts_from and (wrong := start_services(slot)):
            return [], wrong
        writer.start()
        writer.wait_for_more(2, 60)
        ran = slot.engine(
            scenario.command, FAULT_RECORD=str(file), FAULT_REACHED=str(top / "reached")
        )
        writer.wait_for_more(2, 60)
        case = Case(scenario, "none", "resume")
        points = file.read_text().split() if file.exists() else []
        file.unlink(missing_ok=True)
        found = _looked_at(case, slot, writer, frozenset({scenario.ends_with}))
        if ran.returncode not in _codes(case):
            found.append(f"unkilled, it ended with {ran.returncode}: {ran.stderr[-2000:]}")
        return points, found
    finally:
        writer.stop()
        take_down(top)
