"""Processes that are started to outlive whoever starts them."""

from __future__ import annotations

import subprocess


class Outliving(subprocess.Popen[bytes]):
    """Letting go of it while it runs is the intention, so Python need not warn of it."""

    def __del__(self) -> None:
        # Where it has ended, it is collected; else the first process of the machine does it.
        if getattr(self, "returncode", 0) is None:
            self.poll()
