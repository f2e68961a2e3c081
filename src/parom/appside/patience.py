"""How long a migration waits on PostgreSQL before it gives way to those behind it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Patience:
    """For a lock. With these figures five tries, which together take at most 40 s."""

    lock_timeout_s: float = 5.0
    pauses_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    """Before each further try, for whoever waited behind the one before."""

    def as_argument(self, *, note_locks: bool) -> str:
        """For `migrating.py`."""
        return json.dumps({**asdict(self), "note_locks": note_locks})
