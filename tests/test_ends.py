"""The end of a process is seen whoever started it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from parom.ends import have_ended
from tests.support.waiting import PATIENCE_S

READS = "import sys; sys.stdin.read()"
STARTS_ONE = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {READS!r}], stdin=sys.stdin)
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.parametrize("program", [f"print(0, flush=True); {READS}", STARTS_ONE])
def test_one_that_lives_has_not_ended_and_one_that_ended_has(program: str) -> None:
    """A child that nobody has collected yet, and a child of somebody else."""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        pids = {process.pid, int(process.stdout.readline())} - {0}
        assert not have_ended(pids, 0.0)
        process.stdin.close()
        assert have_ended(pids, PATIENCE_S)
        assert process.returncode is None, "it is not collected"


def test_one_that_is_not_there_any_more_has_ended() -> None:
    """A supervisor collects its children before anybody may ask."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert have_ended([process.pid], 0.0)
    assert have_ended([], 0.0)


def test_all_of_them_are_waited_for() -> None:
    """One that ended says nothing about the others."""
    with (
        subprocess.Popen([sys.executable, "-c", READS], stdin=subprocess.PIPE) as lives,
        subprocess.Popen([sys.executable, "-c", ""]) as ends,
    ):
        assert have_ended([ends.pid], PATIENCE_S)
        assert not have_ended([lives.pid, ends.pid], 0.0)


def test_where_the_kernel_does_not_tell_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old one does not, and some sandboxes keep the question back."""

    def refused(_pid: int) -> int:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("os.pidfd_open", refused)
    with subprocess.Popen([sys.executable, "-c", READS], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert not have_ended([process.pid], 0.0)
        process.stdin.close()
        assert have_ended([process.pid], PATIENCE_S)
    assert have_ended([process.pid], 0.0)
