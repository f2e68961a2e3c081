"""The load of the demonstration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from parom.birth import birth_of, living
from tests.support.waiting import wait_until

_DEMONSTRATION = """
import sys
from pathlib import Path
from parom.demo.stage import Stage, load_process
top = Path(sys.argv[1])
out = top / "load.jsonl"
print(load_process(Stage(top, top, 9), out).pid, flush=True)
sys.stdin.read()
"""


def test_it_ends_with_a_demonstration_that_is_killed(tmp_path: Path) -> None:
    """Whoever gets its port next would be asked for ever."""
    headers = tmp_path / "installation" / "shared" / "check-headers"
    headers.parent.mkdir(parents=True)
    headers.touch(mode=0o600)
    told = [sys.executable, "-c", _DEMONSTRATION, str(tmp_path)]
    demo = subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert demo.stdout is not None
    birth = birth_of(int(demo.stdout.readline()))
    wait_until((tmp_path / "load.jsonl").exists, "requests of the load")
    demo.kill()
    demo.communicate()
    wait_until(lambda: living(birth) is None, "its end")
