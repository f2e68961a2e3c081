"""The engine's process is a fork of the command, and keeps nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.living import has_ended
from tests.support.waiting import wait_until

_COMMAND = """
import os, signal, sys, threading
from pathlib import Path
from parom.journal.opening import open_journal
state = Path(sys.argv[1]) / ".parom"
open_journal(state)
from parom.engine import launch, run
from parom.journal.lease import lock_is_taken, take_lock
from parom.journal.models import Run

def works(config, run_id, proxies):
    print("environment", sorted(os.environ), flush=True)
    print("descriptors", sorted(map(int, os.listdir("/proc/self/fd"))), flush=True)
    print("runs", Run.objects.count(), flush=True)
    if run_id == "dies":
        raise RuntimeError("a bug")
    if run_id == "waits":
        threading.Event().wait()
    return 21

run.main = works
assert Run.objects.count() == 0
engine = launch.launch(Path("parom.toml"), sys.argv[2], state, take_lock(state, "production"))
if sys.argv[2] == "waits":
    print(engine.pid, lock_is_taken(state), flush=True)
    os._exit(0)
while engine.poll() is None:
    os.sched_yield()
print(engine.poll(), Run.objects.count(), lock_is_taken(state), flush=True)
"""


def _begin(
    root: Path, run_id: str, *, passed: tuple[int, ...] = (), new_session: bool = False
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _COMMAND, str(root), run_id],
        env={"PATH": os.environ["PATH"], "SECRET_OF_THE_SHELL": "x"},
        pass_fds=passed,
        start_new_session=new_session,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )


def test_the_exit_code_and_the_lock_are_its_own(tmp_path: Path) -> None:
    """Both processes go on with the journal after the fork, each by a connection of its own."""
    assert _begin(tmp_path, "works").stdout == "21 0 False\n"
    assert "runs 0\n" in (tmp_path / ".parom/runs/works/engine.log").read_text("utf-8")


def test_a_bug_ends_it_with_its_traceback_in_the_log(tmp_path: Path) -> None:
    assert _begin(tmp_path, "dies").stdout == "70 0 False\n"
    log = (tmp_path / ".parom/runs/dies/engine.log").read_text("utf-8")
    assert log.rstrip().endswith("RuntimeError: a bug")


def test_nothing_of_the_shell_is_kept(tmp_path: Path) -> None:
    """A descriptor that stayed open kept scripts waiting that had ended long ago; a secret of
    the shell's environment would be seen by every command that the engine starts."""
    read, write = os.pipe()
    try:
        _begin(tmp_path, "works", passed=(write,))
    finally:
        os.close(read)
        os.close(write)
    log = (tmp_path / ".parom/runs/works/engine.log").read_text("utf-8")
    assert "SECRET_OF_THE_SHELL" not in log
    descriptors = log.partition("descriptors ")[2].partition("\n")[0]
    assert str(write) not in descriptors.strip("[]").split(", ")


def test_it_outlives_the_command_and_its_session(tmp_path: Path) -> None:
    """Whoever closes the terminal must not end a deployment."""
    pid, taken = _begin(tmp_path, "waits", new_session=True).stdout.split()
    engine = psutil.Process(int(pid))
    try:
        assert taken == "True"
        wait_until(lambda: engine.name() == "parom-engine", "it has its name")
        assert os.getsid(engine.pid) == engine.pid
    finally:
        engine.kill()
    wait_until(lambda: has_ended(engine), "it ended")


@pytest.mark.parametrize("name", ["PATH", "PYTHONDONTWRITEBYTECODE"])
def test_commands_get_what_they_need(tmp_path: Path, name: str) -> None:
    _begin(tmp_path, "works")
    assert repr(name) in (tmp_path / ".parom/runs/works/engine.log").read_text("utf-8")
