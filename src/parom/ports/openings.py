"""Whether somebody opened the live database."""

from __future__ import annotations

from typing import Protocol


class Openings(Protocol):
    """Told by the kernel, which forgets none; who it was, it does not tell."""

    def wait_for_first(self, limit_s: float) -> bool:
        """Whether somebody opened it within the time; what comes then is `further`."""
        ...

    def further(self) -> bool:
        """Whether anybody opened it after that, or nobody can tell any more. Asked once."""
        ...
