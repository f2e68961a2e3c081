"""Runs one call of a layout in this process and kills it at its n-th change to the disk.

Started as a child by the tests: `python killed_child.py JSON`. Prints the number of
changes that a whole call makes when it is not killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CHANGES = ("replace", "rename", "symlink", "link", "unlink", "rmdir", "mkdir", "chmod", "fsync")


class Countdown:
    """Kills the process in place of its n-th change."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.seen = 0

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.seen += 1
            if self.seen == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return counted


def main() -> None:
    from parom.adapters.layouts.adopt import adopt, take_back
    from parom.adapters.layouts.in_place import InPlaceLayout
    from parom.adapters.layouts.releases import ReleasesLayout

    task = json.loads(sys.argv[1])
    root, shared = Path(task["root"]), tuple(task["shared"])
    now = datetime(2026, 3, 1, 2, tzinfo=UTC)
    countdown = Countdown(task["kill_at"])
    for name in CHANGES:
        setattr(os, name, countdown.around(getattr(os, name)))
    layout: InPlaceLayout | ReleasesLayout
    if task["layout"] == "in-place":
        layout = InPlaceLayout(root, root / ".parom", shared)
    else:
        layout = ReleasesLayout(root, shared)
    match task["call"]:
        case "switch":
            layout.switch(task["release"])
        case "adopt_running":
            layout.adopt_running(now)
        case "remove":
            layout.remove(task["release"])
        case "link_shared":
            layout.link_shared(task["release"])
        case "adopt":
            adopt(root, Path(task["target"]), shared, now)
        case "take_back":
            take_back(Path(task["target"]))
    sys.stdout.write(str(countdown.seen))


if __name__ == "__main__":
    main()
