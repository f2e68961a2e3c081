"""An event on its way to a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """An event as screens get it."""

    at: str
    kind: str
    step: str
    data: dict[str, Any]
