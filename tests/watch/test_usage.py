"""What process trees use."""

from __future__ import annotations

import subprocess
import sys

import psutil

from parom.watch.usage import Usage
from tests.support.waiting import wait_until

_EATS = "held = bytearray(60_000_000)\nprint('ready', flush=True)\nwhile True: pass"
_STARTS_ONE = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


def test_a_tree_is_looked_at_as_a_whole() -> None:
    """A web server's memory is its workers': the process that Parom starts uses next to none."""
    argv = [sys.executable, "-c", _STARTS_ONE, _EATS]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as parent:
        try:
            assert parent.stdout is not None
            parent.stdout.readline()
            usage = Usage()
            assert usage.look([parent.pid], 1.0) is None  # no CPU yet to compare with
            found = usage.look([parent.pid], 2.0)
            assert found is not None
            assert found.at == 2.0
            assert found.memory_bytes > 60_000_000

            def is_busy() -> bool:
                seen = usage.look([parent.pid], 3.0)
                return seen is not None and 0.0 < seen.cpu_share <= 1.0

            wait_until(is_busy, "what it computes is seen")
        finally:
            for one in psutil.Process(parent.pid).children():
                one.kill()


def test_what_does_not_run_uses_nothing() -> None:
    """It is missing, not zero: nobody looked."""
    usage = Usage()
    usage.look([2**22 + 1], 1.0)
    assert usage.look([2**22 + 1], 2.0) is None
