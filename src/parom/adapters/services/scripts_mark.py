"""The mark by which processes are known that Parom started, whoever their parent is now."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from parom.adapters.services.circus_config import MARK
from parom.adapters.services.place import settle
from parom.durable import write_atomically

Started = Literal["services", "private", "stopping", "stand-in"]

__all__ = ["MARK", "Started", "mark_for"]


def mark_for(state: Path, what: Started) -> str:
    """The value of the environment variable `MARK`; made once for an installation, and anew
    for a copy of one."""
    file = state / "scripts" / "mark"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    settle(file.parent, ("mark",))
    if not file.exists():
        write_atomically(file, secrets.token_hex(16).encode(), 0o600)
    return f"{file.read_text('utf-8')}-{what}"
