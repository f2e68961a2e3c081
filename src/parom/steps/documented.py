"""What a release's own OpenAPI document names, kept from its rehearsal.

To write the document takes an application longer than to answer all that it names, and while
the services are stopped the public waits for it. The same code writes the same document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from parom.checks.openapi import Operation
from parom.durable import write_atomically
from parom.steps.step import Context


def note_operations(context: Context, release_id: str, operations: Iterable[Operation]) -> None:
    """Keep them for this release, and forget those of releases that are gone.

    The one that the run installs is not complete before the cutover, and no other's to forget:
    the rehearsal notes first it, and then the one that came back.
    """
    folder = _folder(context)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    complete = {one.id for one in context.installation.layout.releases()}
    kept = complete | {release_id, context.plan.release_id}
    for file in folder.glob("*.json"):
        if file.stem not in kept:
            file.unlink(missing_ok=True)
    data = [[one.path, sorted(one.documented)] for one in operations]
    write_atomically(folder / f"{release_id}.json", json.dumps(data).encode(), 0o600)


def known_operations(context: Context, release_id: str) -> tuple[Operation, ...]:
    """Those of this release; none where its document was never read."""
    file = _folder(context) / f"{release_id}.json"
    if not file.exists():
        return ()
    found = json.loads(file.read_text(encoding="utf-8"))
    return tuple(Operation(path, frozenset(documented)) for path, documented in found)


def _folder(context: Context) -> Path:
    return context.installation.state / "documented"
