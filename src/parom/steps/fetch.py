"""Bring the release's tree here, and mark it complete once everything about it is proven."""

from __future__ import annotations

from parom.facts import Release, SourceRevision
from parom.plan.plan import Kind
from parom.steps.compose import compose
from parom.steps.obstacles import refuse_obstacles
from parom.steps.room import make_room, refuse_too_little, running_tree
from parom.steps.step import Context, Data, Seen


class FetchRelease:
    name = "release.fetch"

    def run(self, context: Context) -> Data:
        """Raises also what `refuse_obstacles` does, `gates.failed` where the disk is too small
        for all that follows, and `services.port-taken`, `services.nobody-listens` or
        `services.other-bind` where the address is not the application's."""
        plan, installation = context.plan, context.installation
        refuse_obstacles(installation.database)
        refuse_too_little(installation)
        installation.services.check_address()
        discarded = make_room(installation, running_tree(installation))
        destination = installation.layout.path_of(plan.release_id)
        if plan.kind is Kind.PARTIAL:
            compose(context, destination)
        elif not destination.exists():
            destination.parent.mkdir(parents=True, exist_ok=True)
            revision = SourceRevision(plan.described, plan.revision, plan.label)
            installation.source.fetch(revision, destination)
        return {
            "release": plan.release_id,
            "revision": plan.revision,
            "discarded": list(discarded),
        }

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {"release": context.plan.release_id}

    def undo(self, context: Context) -> Data:
        context.installation.layout.remove(context.plan.release_id)
        return {"removed": context.plan.release_id}


class RecordRelease:
    name = "release.record"

    def run(self, context: Context) -> Data:
        plan, installation = context.plan, context.installation
        installation.layout.record(
            Release(
                id=plan.release_id,
                source=plan.described,
                revision=plan.revision,
                created=installation.clock.now(),
            )
        )
        return {"release": plan.release_id}

    def look(self, context: Context) -> tuple[Seen, Data]:
        known = {release.id for release in context.installation.layout.releases()}
        done = context.plan.release_id in known
        return (Seen.DONE if done else Seen.NOT_DONE), {"release": context.plan.release_id}

    def undo(self, context: Context) -> Data:
        return {}
