"""Runs the cases, a few at a time, and says how they went."""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from tests.faults.broken_off import cut_at, ended_at, run_cut, run_ended
from tests.faults.cases import record_points, run_case, run_single
from tests.faults.choosing import chosen, is_sampled, spread
from tests.faults.full import (
    filled_at,
    run_filled,
    run_refused,
    small_disks_are_permitted,
    writes_of,
)
from tests.faults.scenarios import KINDS, Scenario, scenarios
from tests.faults.server import make_programs_known, server_of
from tests.faults.server_singles import ALSO_ON_SERVERS, SERVER_SINGLES
from tests.faults.singles import BOTH_LAYOUTS, SINGLES
from tests.faults.stage import prepare, take_down
from tests.faults.waiting import prepare_waiting, waits_of

_SCENARIOS = ("good", "auto", "hand", "early", "forth")
Act = Callable[[Path], list[str]]
"""Runs one case in a slot; what is wrong."""
Strike = Callable[[Scenario, str, str, Path, Path], list[str]]
"""Of a scenario, at a point, then resume or rollback; the installation to copy, and the slot."""


@dataclass
class Tally:
    """What was run so far."""

    base: Path
    total: int = 0
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, name: str, found: list[str], folder: Path) -> None:
        with self.lock:
            if found:
                self.failed.append(name)
                kept = self.base / "kept" / re.sub(r"[^\w.-]+", "_", name)
                kept.parent.mkdir(exist_ok=True)
                for there in (folder, server_of(folder).folder):
                    if there.exists():
                        shutil.move(there, f"{kept}{there.name.removeprefix(folder.name)}")
            else:
                self.passed += 1
            done = self.passed + len(self.failed)
            spent = time.monotonic() - self.began
            left = spent / done * max(0, self.total - done)
            mark = "FAILED" if found else "ok"
            say(f"[{done}/{self.total}, {left / 60:.0f} min left] {mark} {name}")
            for one in found:
                say(f"    {one}")
            if found:
                say(f"    its folder: {kept}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--short", action="store_true", help="a spread sample, for CI")
    parser.add_argument("--only", default="", help="cases whose name this regex finds")
    parser.add_argument("--jobs", type=int, default=4, help="cases at a time")
    parser.add_argument("--sample", type=int, default=0, help="so many of them, by chance")
    parser.add_argument("--list", action="store_true", help="only name the cases")
    given = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="faults-"))
    make_programs_known(base)
    tally = Tally(base)
    slots: SimpleQueue[Path] = SimpleQueue()
    for number in range(given.jobs):
        slots.put(base / f"slot-{number}")

    def guarded(name: str, act: Act) -> None:
        top = slots.get()
        try:
            found = act(top)
        except Exception:  # noqa: BLE001 - a case that cannot be judged has failed
            found = [traceback.format_exc()]
        tally.count(name, found, top)
        slots.put(top)

    wanted = [one for kind in KINDS for one in scenarios(kind)]
    wanted = [one for one in wanted if _may_match(given.only, one)]
    wanted = [one for one in wanted if is_sampled(one) or not given.short]
    acts: list[tuple[str, Act]] = []
    tally.total = len(wanted)

    def record(scenario: Scenario) -> Act:
        def act(top: Path) -> list[str]:
            # As deep as a slot: links that lead out of an installation are relative.
            pristine = base / f"pristine-{scenario.id.replace('/', '-')}"
            prepare(scenario, pristine)
            take_down(pristine, server="fast")
            points, found = record_points(scenario, pristine, top)
            cases = chosen(scenario, points, short=given.short) if points else []
            cases = [one for one in cases if re.search(given.only, one.name)]
            for last in reversed(waits_of(scenario)):
                if any(case.scenario.waits_at == last for case in cases):
                    prepare_waiting(scenario, pristine, last)
                    break
            acts.extend((case.name, partial(run_case, case, pristine)) for case in cases)
            if scenario.name == "good":
                acts.extend(
                    (
                        f"{scenario.kind}/single/{name}",
                        partial(run_single, name, scenario, pristine),
                    )
                    for name in _singles(scenario.kind, short=given.short)
                )
            if scenario.name in ("good", "hand"):
                acts.extend(_disk_full(scenario, points, pristine, short=given.short))
            if scenario.has_server and not scenario.only_undo:
                acts.extend(_broken_off(scenario, points, pristine, short=given.short))
            return found

        return act

    with ThreadPoolExecutor(given.jobs) as pool:
        first = [pool.submit(guarded, f"{one.id}/unkilled", record(one)) for one in wanted]
        for one in as_completed(first):
            one.result()
        acts = sorted(
            (one for one in acts if re.search(given.only, one[0])), key=lambda one: one[0]
        )
        if given.sample:
            acts = random.sample(acts, min(given.sample, len(acts)))
        if given.list:
            for name, _ in acts:
                say(name)
            say(f"{len(acts)} cases")
            acts = []
        tally.total += len(acts)
        rest = [pool.submit(guarded, name, act) for name, act in acts]
        for one in as_completed(rest):
            one.result()
    if tally.failed:
        say("failed: " + ", ".join(sorted(tally.failed)))
    else:
        shutil.rmtree(base)
    say(f"{tally.passed} passed, {len(tally.failed)} failed")
    return 1 if tally.failed else 0


def _singles(kind: str, *, short: bool) -> list[str]:
    if kind == "releases":
        return spread([*SINGLES], 10) if short else [*SINGLES]
    if kind == "postgresql":
        on_servers = [*SERVER_SINGLES, *ALSO_ON_SERVERS]
        return ["stranger-holds-a-lock"] if short else on_servers
    both = [name for name in SINGLES if name in BOTH_LAYOUTS]
    return spread(both, 3) if short else both


def _disk_full(
    scenario: Scenario, points: list[str], pristine: Path, *, short: bool
) -> list[tuple[str, Act]]:
    """Of a deployment and of a rollback by hand; a disk that is really full of the first alone."""
    good, in_place = scenario.name == "good", scenario.kind == "in-place"
    if scenario.has_server and not good:
        return []
    writes = writes_of(points, 1 if in_place or scenario.has_server else 3 if good else 2)
    filled = filled_at() if good and not in_place else []
    if short:
        writes, filled = spread(writes, 4 if good else 2), spread(filled, 3)
    if short and scenario.has_server:
        writes, filled = [], filled[1:2]
    if filled and not small_disks_are_permitted(scenario.kind):
        say("    no small disk of its own: mount namespaces are not permitted here")
        filled = []
    return [
        *_at(scenario, "write-refused", run_refused, writes, pristine),
        *_at(scenario, "disk-filled", run_filled, filled, pristine),
    ]


def _broken_off(
    scenario: Scenario, points: list[str], pristine: Path, *, short: bool
) -> list[tuple[str, Act]]:
    ended, cut = ended_at(scenario, points), cut_at(scenario, points)
    if short:
        ended = spread(ended, 1) if scenario.name == "good" else []
        cut = spread(cut, 1) if scenario.name == "hand" else []
    return [
        *_at(scenario, "server-ended", run_ended, ended, pristine),
        *_at(scenario, "connection-cut", run_cut, cut, pristine),
    ]


def _at(
    scenario: Scenario, kind: str, run: Strike, points: list[str], pristine: Path
) -> list[tuple[str, Act]]:
    """The same fault at each of the points, with both ways to go on in turns."""
    begun = scenario.kind if scenario.name == "good" else scenario.id
    acts: list[tuple[str, Act]] = []
    for number, point in enumerate(points):
        then = ("resume", "rollback")[number % 2]
        act = partial(run, scenario, point, then, pristine)
        acts.append((f"{begun}/{kind}/{point}/{then}", act))
    return acts


def _may_match(only: str, scenario: Scenario) -> bool:
    """Whether a pattern leaves this one out by its beginning; what is single is of `good`."""
    begun = re.match(r"\^?(releases|in-place|postgresql)/(\(?[\w-]*)", only)
    if begun is None:
        return True
    kind, name = begun.groups()
    if kind != scenario.kind:
        return False
    if not name or name.startswith("("):
        return True
    name = name.removesuffix("-twice")
    return scenario.name == (name if name in _SCENARIOS else "good")


if __name__ == "__main__":
    sys.exit(main())
