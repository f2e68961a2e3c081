"""An old release that does not stand the rows that were carried over for it.

A row of the newer release may say what the older one does not understand. Rather than leave
visitors waiting for a person, the snapshot itself comes back, and every row is in quarantine.
"""

from __future__ import annotations

import json

from parom.durable import write_atomically
from parom.errors import ParomError
from parom.replay.apart import Apart, Carried, Why
from parom.steps.database import keep_ids
from parom.steps.images import keep_images_of
from parom.steps.quarantine import quarantine
from parom.steps.replay import returns_to
from parom.steps.step import Context, Data

_NAME = "carried-given-up.json"


def can_give_up(context: Context) -> bool:
    """Whether what is live is the snapshot with rows carried over."""
    wanted = returns_to(context)
    is_carried = wanted != context.plan.snapshot_id
    return is_carried and context.installation.database.live_id() == wanted


def give_up(context: Context, problem: ParomError) -> None:
    """Decide it; nobody may have the database open. `finish_giving_up` does it, and once begun
    it is gone on with."""
    context.tell("not-carried", {"error": problem.id, "fact": problem.fact})
    write_atomically(context.folder / _NAME, b"", 0o600)


def finish_giving_up(context: Context) -> Data:
    """Let the snapshot be live and list all rows; the listing, empty where it was not decided."""
    file = context.folder / _NAME
    if not file.exists():
        return {}
    database, carried = context.installation.database, returns_to(context)
    if database.live_id() == carried:
        database.swap_back(carried)
        context.checkpoint()
    if database.live_id() != context.plan.snapshot_id:
        listed = quarantine(context, Carried({}, {}, Apart(Why.NO_REPLAY)))
        write_atomically(file, json.dumps(listed).encode(), 0o600)
        keep_images_of(context, context.plan.snapshot_id)
        keep_ids(context, context.plan.snapshot_id)
        context.checkpoint()
        database.swap_in(context.plan.snapshot_id)
    database.discard(carried)
    kept: Data = json.loads(file.read_text(encoding="utf-8"))
    return kept
