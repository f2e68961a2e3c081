"""What is to be watched, and until when: a file for each deployment, beside the journal."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parom.durable import fsync_directory, write_atomically
from parom.words.said import SAID, recorded, with_parts

_FOLDER = "day"


@dataclass(frozen=True)
class Order:
    """A stored format: JSON, changed only by adding to it. Times are epoch seconds."""

    run_id: str
    """The deployment whose release is watched."""
    release: str
    began: float
    until: float
    """Absolute: a reboot does not put it off."""
    why_ended: str = ""
    """Why it is over before its time; empty where it is not. What is left is to tell it."""


def orders_of(state: Path) -> list[Order]:
    """The oldest first; of those that are not ended there is one at most."""
    found = []
    for file in (state / _FOLDER).glob("*.json"):
        with contextlib.suppress(FileNotFoundError):  # concluded and dropped this moment
            found.append(_read(json.loads(file.read_text(encoding="utf-8"))))
    return sorted(found, key=lambda one: one.began)


def open_order(state: Path) -> Order | None:
    """What is to be watched now."""
    return next((one for one in reversed(orders_of(state)) if not one.why_ended), None)


def write_order(state: Path, order: Order) -> None:
    (state / _FOLDER).mkdir(mode=0o700, exist_ok=True)
    kept = json.dumps(with_parts(vars(order)))
    write_atomically(_file(state, order), kept.encode(), 0o600)


def drop_order(state: Path, order: Order) -> None:
    _file(state, order).unlink(missing_ok=True)
    fsync_directory(state / _FOLDER)


def _read(kept: Mapping[str, Any]) -> Order:
    fields = {name: value for name, value in kept.items() if name != SAID}
    return Order(**{**fields, "why_ended": recorded(kept, "why_ended")})


def _file(state: Path, order: Order) -> Path:
    return state / _FOLDER / f"{order.run_id}.json"
