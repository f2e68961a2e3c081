"""The disk is full: each write of the engine refused in turn, and a small disk that is filled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.faults.checker import Expected, check
from tests.faults.scenarios import Scenario, scenarios
from tests.faults.stage import BASE, Slot, restore, run_state, start_services, take_down
from tests.faults.writer import Writer

_WRITING = ("open", "os.link", "os.symlink", "os.mkdir", "os.rename")
_FILLED_AT = (
    "backup.online",
    "rehearsal.run",
    "database.precopy",
    "gateway.hold",
    "database.snapshot",
    "database.migrate",
    "capture.install",
    "checks.private",
    "gateway.open",
    "backup.final",
    "watch.run",
)
_SIZES = {"releases": "96m", "postgresql": "256m"}


def writes_of(passed: Sequence[str], count: int) -> list[str]:
    """Effects that need space: of each step so many, the first and the last among them."""
    from tests.faults.choosing import spread

    by_step: dict[str, list[str]] = defaultdict(list)
    for point in passed:
        step, _, at = point.partition(":")
        if at.startswith(tuple(f"effect-{event}-" for event in _WRITING)):
            by_step[step].append(point)
    return [one for all_ in by_step.values() for one in spread(all_, count)]


def filled_at() -> list[str]:
    return [f"{step}:after-intent" for step in _FILLED_AT]


@cache
def small_disks_are_permitted(kind: str) -> bool:
    """Whether a mount namespace with a file system of its own can be had, as root or not."""
    with tempfile.TemporaryDirectory() as folder:
        mount = f"mount -t tmpfs -o size=1m none {folder}"
        ran = subprocess.run([*_apart(kind), "sh", "-c", mount], check=False, capture_output=True)
    return ran.returncode == 0


def _apart(kind: str) -> list[str]:
    """PostgreSQL refuses to run as root, and root of a user namespace cannot be anybody else."""
    if kind != "postgresql":
        return ["unshare", "-rm"]
    return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-cm", "--keep-caps"]


def run_refused(scenario: Scenario, point: str, then: str, pristine: Path, top: Path) -> list[str]:
    """From `point` on the engine's writes fail; then there is space again."""
    return _run(scenario, then, pristine, top, top / "reached", FAULT_FULL=point)


def run_filled(scenario: Scenario, point: str, then: str, pristine: Path, top: Path) -> list[str]:
    """The same on a real file system of its own, for the services and SQLite as well."""
    told = top.with_name(top.name + ".told")
    told.unlink(missing_ok=True)
    top.mkdir(exist_ok=True)
    script = f'mount -t tmpfs -o size={_SIZES[scenario.kind]} none "$1" && shift && exec "$@"'
    module = [sys.executable, "-m", "tests.faults.full"]
    ran = subprocess.run(
        [*_apart(scenario.kind), "sh", "-c", script, "sh", str(top), *module, scenario.kind, point,
         then, str(pristine), str(top), str(told)],
        check=False,
        capture_output=True,
        text=True,
        timeout=1200,
    )  # fmt: skip
    if not told.exists():
        return [f"the case did not come to its end: {ran.stdout[-1500:]}{ran.stderr[-1500:]}"]
    found: list[str] = json.loads(told.read_text())
    told.unlink()
    return found


def _run(
    scenario: Scenario, then: str, pristine: Path, top: Path, reached: Path, **faults: str
) -> list[str]:
    slot = restore(pristine, top, scenario)
    writer = Writer(slot.ferry.port)
    try:
        if wrong := start_services(slot):
            return wrong
        writer.start()
        if not writer.wait_for_more(2, 60):
            return ["nobody could write before the run"]
        return _struck(slot, scenario, writer, then, reached, faults)
    finally:
        writer.stop()
        take_down(top)


def _struck(
    slot: Slot,
    scenario: Scenario,
    writer: Writer,
    then: str,
    reached: Path,
    faults: dict[str, str],
) -> list[str]:
    ran = slot.engine(scenario.command, FAULT_REACHED=str(reached), **faults)
    if not reached.exists():
        return [f"the point was not reached ({ran.returncode}): {ran.stderr[-1500:]}"]
    reached.unlink()
    (slot.top / "space-again").touch()
    (slot.top / "ballast").unlink(missing_ok=True)
    (slot.top / "migrating").unlink(missing_ok=True)
    if slot.server and not slot.server.is_running():
        # It could not even write down that it breaks off; whoever made room starts it.
        slot.server.start()
    found = settled(slot, scenario, writer, then)
    (slot.top / "space-again").unlink()
    return found


def settled(slot: Slot, scenario: Scenario, writer: Writer, then: str) -> list[str]:
    """What is wrong once a run that may wait was carried on or taken back."""
    found = []
    if run_state(slot) != "idle":
        acted = slot.parom(then)
        if acted.returncode not in (0, 10, 20, 21):
            found.append(f"`parom {then}` ended with {acted.returncode}: "
                         f"{acted.stdout[-1500:]}{acted.stderr[-1500:]}")  # fmt: skip
    if not writer.wait_for_more(2, 60):
        found.append("nobody can write any more")
    writer.stop()
    return found + check(
        Expected(
            top=slot.top,
            root=slot.ferry.root,
            layout=scenario.layout,
            port=slot.ferry.port,
            versions=frozenset({1, 2}),
            base=BASE,
            acknowledged=tuple(writer.acknowledged),
            attempted=tuple(writer.attempted),
            server_port=slot.server_port,
        )
    )


def main(arguments: list[str]) -> None:
    """Inside the namespace: the small file system is mounted at `top`."""
    kind, point, then, pristine, top, told = arguments
    scenario = scenarios(kind)[0]
    inside = Path(top) / "slot"
    reached = Path(told).with_suffix(".reached")
    reached.unlink(missing_ok=True)
    found = _run(scenario, then, Path(pristine), inside, reached, FAULT_BALLAST=point)
    Path(told).write_text(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
