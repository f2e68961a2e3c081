"""One engine at a time, proven with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from parom.engine.work import work
from parom.errors import ParomError
from parom.journal.lease import begin_epoch, lock_is_taken, take_lock
from parom.journal.models import Event
from parom.journal.record import create_run
from tests.engine.bench import Bench, Noted
from tests.support.journal import STATE

_ENGINE = """
import os, sys
from pathlib import Path
from parom.journal.opening import open_journal
open_journal(Path(sys.argv[1]))
from parom.errors import ParomError
from parom.journal.lease import begin_epoch, take_lock
from parom.journal.models import Run
from parom.journal.record import RunRecord
run = Run.objects.get(id=sys.argv[2])
lock = take_lock(Path(sys.argv[1]), run.environment) if sys.argv[3] == "lock" else None
record = RunRecord(run, begin_epoch(run.environment, run.id, "first", os.getpid()))
print("ready", flush=True)
sys.stdin.readline()
try:
    record.tell("intent", "a", {})
except ParomError as problem:
    print(problem.id, flush=True)
"""


def begin(run_id: str, *, lock: bool) -> subprocess.Popen[str]:
    """An engine in a process of its own, which waits for a line before it writes."""
    process = subprocess.Popen(
        [sys.executable, "-c", _ENGINE, str(STATE), run_id, "lock" if lock else ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_replaced_engine_can_write_no_intent(tmp_path: Path) -> None:
    """Should the lock ever fail, the epoch still stops whoever came first."""
    bench = Bench(tmp_path / "x", [Noted("a", [])])
    first = begin(bench.plan.run_id, lock=False)
    begin_epoch(bench.run.environment, bench.run.id, "second", os.getpid())
    told, _ = first.communicate("go\n", timeout=300)
    assert told == "lease.lost\n"
    assert not Event.objects.filter(run_id=bench.run.id, kind="intent").exists()


def test_second_is_told_who_is_first_and_the_lock_dies_with_its_owner(tmp_path: Path) -> None:
    """Nobody has to remove a lock by hand, however its owner ended."""
    bench = Bench(tmp_path / "x", [Noted("a", [])])
    first = begin(bench.plan.run_id, lock=True)
    with pytest.raises(ParomError) as refused:
        take_lock(STATE, bench.run.environment)
    assert (refused.value.id, refused.value.exit_code) == ("lease.held", 10)
    assert "first is at work" in refused.value.fact
    assert bench.run.id in refused.value.fact
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    lock = take_lock(STATE, bench.run.environment)
    assert lock_is_taken(STATE)
    lock.let_go()
    assert not lock_is_taken(STATE)


def test_plan_of_a_newer_schema_is_refused_untouched(tmp_path: Path) -> None:
    """An older Parom must not guess what a newer one meant."""
    bench = Bench(tmp_path / "x", [])
    plan = replace(bench.plan, run_id=f"{bench.plan.run_id}n", schema=99)
    run = create_run(plan.run_id, plan.kind, "newer", "tester", "a test", plan.as_record())
    with pytest.raises(ParomError) as refused:
        work(run, bench.installation)
    assert refused.value.id == "run.newer-plan"
    assert [one.kind for one in Event.objects.filter(run_id=run.id)] == ["started"]
