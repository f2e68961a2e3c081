"""Work in the background yields, and what comes after it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_SHOWS = """
from pathlib import Path
from parom.priority import in_background

def nice():
    return "".join(Path("/proc/self/autogroup").read_text().split()[-1:]) or "none"

seen = [nice()]
with in_background():
    seen.append(nice())
seen.append(nice())
print(*seen)
"""
autogroups = pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="this kernel has no autogroups"
)


def shown(*, own_session: bool) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _SHOWS],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=own_session,
    )
    return ran.stdout.split()


@autogroups
def test_a_session_yields_for_the_length_of_the_work_alone() -> None:
    """A return that follows a backup must not be slow."""
    before, during, after = shown(own_session=True)
    assert (before, after) == ("0", "0")
    assert int(during) > 0


@autogroups
def test_a_session_of_others_is_left_alone() -> None:
    """A person's shell is in it."""
    assert len(set(shown(own_session=False))) == 1
