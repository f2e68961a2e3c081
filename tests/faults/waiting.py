"""Installations in which a run waits because its engine was killed: a later engine begins there.

Each is made from the one before by one engine that dies at the next of the points, under the
hands of the same user as in a case. So the engine that is struck in a case has only the rest
of the way to go; what it knows of the way so far it has from the journal, as after a crash.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.faults.scenarios import Scenario
from tests.faults.stage import reached, restore, start_services, take_down
from tests.faults.writer import written_before

CUTOVER = "gateway.hold:before-intent"
OPENED = "backup.final:before-intent"
TURNED = "run:after-turn-back"
BROUGHT_BACK = "migration.load:undo-before-intent"
"""What users see is the old release again; only what was prepared is still to be cleared."""

_WAITS = {
    "good": (CUTOVER, OPENED),
    "auto": (CUTOVER, OPENED, TURNED, BROUGHT_BACK),
    "early": (CUTOVER,),
}
"""Points at which users are served, so that services can be started as after a reboot."""


def waits_of(scenario: Scenario) -> tuple[str, ...]:
    """Where a run of this scenario may wait, in the order of the run."""
    return _WAITS.get(scenario.name, ())


def folder_of(pristine: Path, point: str) -> Path:
    """Where the installation that waits at a point lies; empty is the pristine one."""
    if not point:
        return pristine
    return pristine.with_name(f"{pristine.name}-{point.replace(':', '-')}")


def prepare_waiting(scenario: Scenario, pristine: Path, last: str) -> None:
    """Make the installations that wait, up to the one at `last`."""
    before = ""
    for point in waits_of(scenario):
        _go_on(replace(scenario, waits_at=before), pristine, point)
        before = point
        if point == last:
            return


def _go_on(scenario: Scenario, pristine: Path, point: str) -> None:
    folder = folder_of(pristine, point)
    slot = restore(folder_of(pristine, scenario.waits_at), folder, scenario)
    if wrong := start_services(slot):
        raise RuntimeError(wrong[0])
    writer = written_before(folder, slot.ferry.port)
    writer.start()
    try:
        if not writer.wait_for_more(2, 60):
            message = f"nobody could write on the way to {point}"
            raise RuntimeError(message)
        ran = slot.engine(
            scenario.next_command, FAULT_POINT=point, FAULT_REACHED=str(folder / "reached")
        )
        if reached(slot) != point:
            message = f"the stage could not be set: {ran.returncode} {ran.stderr}"
            raise RuntimeError(message)
        (folder / "reached").unlink()
        (folder / "migrating").unlink(missing_ok=True)
    finally:
        writer.stop()
        take_down(folder, server="fast")
    writer.save(folder)
