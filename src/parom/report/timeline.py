"""Steps on a line of time, forward and back."""

from __future__ import annotations

from collections.abc import Mapping

from parom.journal.told import Told
from parom.plan.plan import phase_of
from parom.report.record import Bar
from parom.report.story import Story, at

_ENDS = {"ok": "ok", "failed": "failed", "undone": "undone", "undo-failed": "undo-failed"}
_IN_DOUBT = "in doubt"


def timeline_of(story: Story, usual: Mapping[str, float]) -> tuple[Bar, ...]:
    """A bar for each time that a step was begun, in order.

    A step that was in doubt and carried on is one bar from its intent to its end: what lies in
    between is the time that it took until somebody knew.
    """
    open_at: dict[tuple[str, bool], float] = {}
    bars: list[Bar] = []
    for one in story.events:
        if one.kind in ("intent", "undo-intent"):
            open_at[one.step, one.kind == "undo-intent"] = at(one)
        elif one.kind in _ENDS:
            key = (one.step, one.kind.startswith("und"))
            # A step that its budget or an abort ended was never begun.
            began = open_at.pop(key, None)
            if began is not None:
                bars.append(_bar(one, began, usual))
    bars += [
        Bar(step, "return" if back else phase_of(step), began, None, _IN_DOUBT, usual.get(step))
        for (step, back), began in open_at.items()
    ]
    return tuple(sorted(bars, key=lambda bar: bar.began))


def _bar(end: Told, began: float, usual: Mapping[str, float]) -> Bar:
    back = end.kind.startswith("und")
    return Bar(
        step=end.step,
        phase="return" if back else phase_of(end.step),
        began=began,
        seconds=round(at(end) - began, 3),
        state=_ENDS[end.kind],
        usual_s=None if back else usual.get(end.step),
    )
