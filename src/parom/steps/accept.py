"""The end of a good run: what is no longer needed goes, the way back stays."""

from __future__ import annotations

from parom.errors import ParomError
from parom.plan.plan import Kind
from parom.steps.adopt import way_back
from parom.steps.migrate import forget_migration
from parom.steps.replay import ahead_id, spare_copies
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
        discarded = [*stale, *self._in_the_way(context)]
        return {"removed": removed, "discarded": discarded, "pruned": list(pruned)}

    def _in_the_way(self, context: Context) -> tuple[str, ...]:
        """A copy is kept that a return by hand would make first; where the next deployment could
        not do with it, it goes. Not to know that is no reason to take back a good release."""
        installation = context.installation
        try:
            if not spare_copies(installation.database):
                return ()
            release = installation.layout.path_of(context.plan.release_id)
            return make_room(installation, release)
        except ParomError as problem:
            context.tell("not-discarded", {"error": problem.id, "fact": problem.fact})
            return ()

    def _old_releases(self, context: Context, kept: set[str]) -> list[str]:
        layout = context.installation.layout
        ids = [release.id for release in layout.releases()]
        recent = set(ids[-context.installation.config.release.keep :])
        old = [one for one in ids if one not in kept | recent and one != layout.current()]
        for one in old:
            layout.remove(one)
        return old
