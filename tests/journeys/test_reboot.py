"""The machine goes down in the middle of a run."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import psutil
import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import begun, get, quarantine, rows, write_note
from tests.support.ferry import Ferry, write_project
from tests.support.living import has_ended
from tests.support.waiting import wait_until


def pull_the_plug(ferry: Ferry) -> None:
    """Kill whatever belongs to the installation, all at once."""
    top = os.fsencode(ferry.top)
    mark = (ferry.root / ".parom" / "supervisor" / "mark").read_bytes().split()[0]
    mine = {os.getpid(), *(one.pid for one in psutil.Process().parents())}
    killed: list[psutil.Process] = []

    def is_off() -> bool:
        """Whether nothing was left to kill: what was started meanwhile was not seen before."""
        doomed = [pid for pid in set(psutil.pids()) - mine if _belongs(pid, top + b"/", mark)]
        for pid in doomed:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended with its parent
                one = psutil.Process(pid)
                one.kill()
                killed.append(one)
        return not doomed and all(map(has_ended, killed))

    wait_until(is_off, "the machine is off")


def _belongs(pid: int, top: bytes, mark: bytes) -> bool:
    """Whether a process can still do something, and is of the installation."""
    process = Path(f"/proc/{pid}")
    try:
        command = (process / "cmdline").read_bytes()
        return top in command or mark in (process / "environ").read_bytes()
    except OSError:
        return False  # it ended meanwhile, or is somebody else's


@pytest.mark.long
def test_good_release_stays_when_the_machine_goes_down_in_its_watch(start: Start) -> None:
    """A probe of a machine that was off says nothing of the release: carrying on starts what
    was opened again, and nobody's write is taken back."""
    ferry = start(
        watch="seconds = 12\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1\nshort = true"
    )
    write_project(ferry.source, 2)
    earlier = begun(ferry, "watch.run")
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: begun(ferry, "watch.run") > earlier, "the watch begins")
    write_note(ferry, "before the power cut")
    pull_the_plug(ferry)
    started = ferry.parom("services", "start")
    assert started.returncode == 0, started.stdout + started.stderr
    assert get(ferry, "/health/")["version"] == 2
    pull_the_plug(ferry)
    text = ferry.config.read_text("utf-8")
    ferry.config.write_text(text.replace("shared/db.sqlite3", "shared/other.sqlite3"), "utf-8")
    elsewhere = ferry.parom("resume")
    assert elsewhere.returncode == 10, elsewhere.stdout + elsewhere.stderr
    assert "run.other-place" in elsewhere.stdout + elsewhere.stderr
    ferry.config.write_text(text, "utf-8")
    resumed = ferry.parom("resume")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert get(ferry, "/health/")["version"] == 2
    assert rows(ferry, "body")[-1] == ("before the power cut",)
    assert quarantine(ferry) == []
