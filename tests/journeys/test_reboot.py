"""The machine goes down in the middle of a run."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil

from tests.journeys.conftest import Start
from tests.journeys.seen import get, quarantine, rows, write_note
from tests.journeys.test_two_at_once import at_work
from tests.support.ferry import Ferry, write_project
from tests.support.waiting import wait_until


def pull_the_plug(ferry: Ferry) -> None:
    """Kill whatever belongs to the installation, all at once."""
    top = os.fsencode(ferry.top)
    mark = (ferry.root / ".parom" / "supervisor" / "mark").read_bytes().split()[0]
    mine = {os.getpid(), *(one.pid for one in psutil.Process().parents())}
    doomed = []
    for pid in set(psutil.pids()) - mine:
        try:
            process = Path(f"/proc/{pid}")
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:
            continue  # it ended meanwhile, or is somebody else's
        if top + b"/" in command or mark in environment:
            doomed.append(psutil.Process(pid))
    for one in doomed:
        one.send_signal(signal.SIGKILL)
    psutil.wait_procs(doomed, timeout=10)


def test_good_release_stays_when_the_machine_goes_down_in_its_watch(start: Start) -> None:
    """A probe of a machine that was off says nothing of the release: carrying on starts what
    was opened again, and nobody's write is taken back."""
    ferry = start(
        watch="seconds = 8\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1\nshort = true"
    )
    write_project(ferry.source, 2)
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: at_work(ferry) == "watch.run", "the watch begins")
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
