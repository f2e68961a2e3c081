"""Make another release the one that runs."""

from __future__ import annotations

from parom.steps.adopt import way_back
from parom.steps.step import Context, Data, Seen


class SwitchRelease:
    name = "release.switch"

    def run(self, context: Context) -> Data:
        context.installation.layout.switch(context.plan.release_id)
        return {"from": way_back(context), "to": context.plan.release_id}

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        earlier, layout = way_back(context), context.installation.layout
        if earlier:
            layout.switch(earlier)
        else:
            layout.vacate()
        return {"to": earlier}
