"""A process that ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil

from tests.support.living import has_ended
from tests.support.waiting import wait_until

_CHILD = "import os, sys, threading; from parom.parent import end_with; end_with({parent}); "
_WAITS = _CHILD + "print(os.getpid(), flush=True); threading.Event().wait()"
_STARTS = (
    "import os, subprocess, sys, threading; "
    "subprocess.Popen([sys.executable, '-c', sys.argv[1].format(parent=os.getpid())]); "
    "threading.Event().wait()"
)


def test_it_is_killed_with_it() -> None:
    """It wrote decrypted files into a folder that the next attempt was clearing."""
    with subprocess.Popen([sys.executable, "-c", _STARTS, _WAITS], stdout=subprocess.PIPE) as one:
        assert one.stdout is not None
        child = psutil.Process(int(one.stdout.readline()))
        one.kill()
        wait_until(lambda: has_ended(child), "the child ended")


def test_a_parent_that_ended_before_is_noticed() -> None:
    """Then the kernel sends nothing any more."""
    text = _CHILD.format(parent=os.getppid()) + "print('goes on')"
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (-9, b"")
