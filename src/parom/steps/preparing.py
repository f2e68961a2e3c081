"""What a return would need first, made while nobody waits: a copy of the snapshot, and in it what
users have written by then.

Rows are carried onto a copy, so that the snapshot itself stays what it was. To write one takes as
long as the database is large; done here, the public of a late return does not wait for it. Nor for
the rows, where there are many: they are carried when the return begins, before anybody is held, and
under the stop only what was written after that.
"""

from __future__ import annotations

from parom.errors import ParomError
from parom.plan.plan import Kind
from parom.priority import in_background
from parom.steps.database import migrates
from parom.steps.lookout import Lookout
from parom.steps.replay import ahead_id, carry_ahead, discard_ahead, known_of
from parom.steps.services import serve_again
from parom.steps.step import Context, Data, Plain


class PrepareReturn(Plain):
    """Of a deployment, once the public is in; under another name of a rollback by hand, before
    anybody is held."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, context: Context) -> Data:
        """Where it cannot be done, the return does it itself; why is told."""
        if context.plan.kind is Kind.ROLLBACK:
            try:
                is_worth_it = self._is_worth_it(context)
            except ParomError as problem:  # the return asks again, and says what is wrong
                context.tell("not-prepared", {"error": problem.id, "fact": problem.fact})
                return {"prepared": False, "why": problem.id}
            return self._prepared(context, is_worth_it, None)
        serve_again(context)
        with Lookout(context) as lookout, in_background():
            return self._prepared(context, migrates(context), lookout)

    def undo(self, context: Context) -> Data:
        """Of a deployment it is about to be used: what is written by now goes into it while the
        public is still served. Of a rollback that is taken back it is not used."""
        if not context.plan.snapshot_id:
            return {}
        if context.plan.kind is Kind.ROLLBACK:
            discard_ahead(context)
            return {}
        return {"carried_ahead": carry_ahead(context)}

    def _is_worth_it(self, context: Context) -> bool:
        """Somebody waits for the copy: not where nothing was written that it could take."""
        rows = context.installation.database.captured_rows()
        return bool(context.plan.snapshot_id) and next(rows, None) is not None

    def _prepared(self, context: Context, is_wanted: bool, lookout: Lookout | None) -> Data:
        carries = context.installation.database.carries_rows
        if not is_wanted or not carries or known_of(context).refuses_all:
            return {"prepared": False, "why": "a return carries nothing over"}

        def told(done: int, total: int) -> None:
            if lookout:
                lookout.check()
            context.progress(done, total, "B")

        try:
            context.installation.database.copy_ahead(
                context.plan.snapshot_id, ahead_id(context), told
            )
        except ParomError as problem:
            if lookout:
                lookout.check()
            context.tell("not-prepared", {"error": problem.id, "fact": problem.fact})
            return {"prepared": False, "why": problem.id}
        if lookout is None:
            return {"prepared": True, "carried_ahead": carry_ahead(context)}
        return {"prepared": True}
