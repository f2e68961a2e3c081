"""The end of a good run: what is no longer needed goes, the way back stays."""

from __future__ import annotations

from parom.plan.plan import Kind
from parom.steps.adopt import way_back
from parom.steps.migrate import forget_migration
from parom.steps.replay import ahead_id
from parom.steps.room import make_room
from parom.steps.services import serve_again
from parom.steps.set_aside import recently_set_aside
from parom.steps.step import Context, Data, Plain


class AcceptRelease(Plain):
    name = "release.accept"

    def run(self, context: Context) -> Data:
        """The machine may have gone down since the public was let in: it is let in again."""
        installation = context.installation
        serve_again(context)
        context.checkpoint()
        forget_migration(context)
        kept = {context.plan.release_id, way_back(context)}
        removed = self._old_releases(context, kept)
        context.checkpoint()
        keep = frozenset({context.plan.snapshot_id}) | recently_set_aside(context)
        if context.plan.kind is not Kind.ROLLBACK and installation.database.lies_on_disk:
            keep |= {ahead_id(context)}
        stale = installation.database.stale(keep)
        for database_id in stale:
            installation.database.discard(database_id)
        context.checkpoint()
        backups = [backup.id for backup in installation.vault.list()]
        pruned = installation.vault.prune(
            installation.clock.now(), frozenset(backups[-installation.config.release.keep :])
        )
        # A return by hand would make its copy first; one that is in the way of the next
        # deployment is not kept for that.
        make_room(installation, installation.layout.path_of(context.plan.release_id))
        return {"removed": removed, "discarded": list(stale), "pruned": list(pruned)}

    def _old_releases(self, context: Context, kept: set[str]) -> list[str]:
        layout = context.installation.layout
        ids = [release.id for release in layout.releases()]
        recent = set(ids[-context.installation.config.release.keep :])
        old = [one for one in ids if one not in kept | recent and one != layout.current()]
        for one in old:
            layout.remove(one)
        return old
