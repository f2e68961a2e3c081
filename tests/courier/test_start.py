"""The courier is a fork that keeps nothing, holds nothing and is nobody's child."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil

from tests.support.waiting import wait_until

_COMMAND = """
import os, sys, threading
from pathlib import Path
from parom.journal.opening import open_journal
state = Path(sys.argv[1]) / ".parom"
open_journal(state)
from parom.courier import process
from parom.engine import launch, run
from parom.journal.lease import lock_is_taken, take_lock

def works(config, run_id):
    print("environment", sorted(os.environ), flush=True)
    print("locked", lock_is_taken(state), flush=True)
    print("session", os.getsid(0) == os.getpid(), flush=True)
    print("pid", os.getpid(), flush=True)
    threading.Event().wait()

process.main = works
run.main = lambda config, run_id: 0
engine = launch.launch(
    Path("parom.toml"), "one", state, take_lock(state, "production"), with_courier=True
)
while engine.poll() is None:
    os.sched_yield()
while lock_is_taken(state):
    os.sched_yield()
print("free")
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no children")
"""


def test_it_keeps_nothing_of_the_command_and_holds_no_lock(tmp_path: Path) -> None:
    """With the engine's lock in its hands every later run would be refused, and an engine that
    died would look alive."""
    ran = subprocess.run(
        [sys.executable, "-c", _COMMAND, str(tmp_path)],
        env={"PATH": os.environ["PATH"], "SECRET_OF_THE_SHELL": "x", "https_proxy": "http://p:1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert ran.stdout == "free\nno children\n"
    log = tmp_path / ".parom/runs/one/courier.log"
    wait_until(lambda: log.exists() and "pid" in log.read_text("utf-8"), "it has begun")
    said = dict(line.split(" ", 1) for line in log.read_text("utf-8").splitlines())
    courier = psutil.Process(int(said["pid"]))
    try:
        assert courier.name() == "parom-courier"
        assert "SECRET_OF_THE_SHELL" not in said["environment"]
        assert "https_proxy" in said["environment"]
        assert said["session"] == "True"
    finally:
        courier.kill()
    assert log.stat().st_mode & 0o077 == 0


def test_where_it_cannot_start_the_run_goes_on(tmp_path: Path) -> None:
    """No process to be had: R-8.3."""
    command = _COMMAND.replace(
        "engine = launch",
        "real = os.fork\n"
        "def fork():\n"
        "    os.fork = full\n"
        "    return real()\n"
        "def full():\n"
        "    raise BlockingIOError(11, 'no process')\n"
        "os.fork = fork\n"
        "engine = launch",
    )
    argv = [sys.executable, "-c", command, str(tmp_path)]
    ran = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=300)
    assert ran.stdout == "free\nno children\n"
    assert not (tmp_path / ".parom/runs/one/courier.log").exists()
