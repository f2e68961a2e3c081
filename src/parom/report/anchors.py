"""What the reports of an installation say about its journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from parom.journal.anchor import Anchor, anchor_of
from parom.report.writing import RECORD


def anchors_in(state: Path) -> Iterator[Anchor]:
    """Of each run's report that is there; one of an older Parom has none."""
    for file in sorted((state / "runs").glob(f"*/{RECORD}")):
        try:
            text = str(json.loads(file.read_text(encoding="utf-8")).get("anchor", ""))
        except (OSError, ValueError, AttributeError):
            continue
        found = anchor_of(text, str(file))
        if found is not None:
            yield found
