"""How the rows in quarantine stand in the database that comes back: see `quarantine.images`."""

from __future__ import annotations

from parom.errors import ParomError
from parom.quarantine.folder import Folder
from parom.quarantine.images import keep_images
from parom.steps.quarantine import folder_of
from parom.steps.replay import known_of
from parom.steps.step import Context


def keep_images_of(context: Context, database_id: str) -> None:
    """Write them down before that database is live.

    Where it cannot be done, that does not keep the old release from coming back: rows that were
    changed or deleted then have to be put back by hand.
    """
    installation, folder = context.installation, Folder(folder_of(context))
    if not folder.is_complete or not folder.rows.stat().st_size:
        return
    try:
        with installation.database.single_rows(database_id) as rows:
            keep_images(folder, known_of(context), rows)
    except ParomError as problem:
        context.tell("images-not-kept", {"error": problem.id, "fact": problem.fact})
    except OSError as problem:
        fact = problem.strerror or str(problem)
        context.tell("images-not-kept", {"error": "host.refused", "fact": fact})
