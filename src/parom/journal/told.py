"""An event on its way to whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """An event as screens, reports and notices get it."""

    at: str
    kind: str
    step: str
    data: dict[str, Any]
    anchor: str = ""
    """`number:digest` of the event (journal/anchor.py); empty where none is needed."""
