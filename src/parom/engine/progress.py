"""How far long work is, for screens: a small file beside the journal, never evidence."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


class ProgressFile:
    """Written at most twice a second; replaced whole, not synced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0.0

    def write(self, step: str, done: int, total: int, unit: str) -> None:
        now = time.monotonic()
        if now - self._written < 0.5 and done < total:
            return
        self._written = now
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"step": step, "done": done, "total": total, "unit": unit})
        partial = self._path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(self._path)

    def clear(self) -> None:
        """Nothing is under way any more; absent is fine."""
        self._path.unlink(missing_ok=True)
        self._path.with_suffix(".partial").unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any]:
    """The last progress; empty where there is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
