"""An absolute limit, and whether more is above it than an accident explains."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.walk import Question, Walk

_RECENT = 60


@dataclass(frozen=True)
class LimitLane:
    """Values against a limit, one by one. What was above it before as well is only told."""

    limit: float
    kept_before: bool
    """False where the release before was above the limit too: then going back cures nothing."""
    walk: Walk
    seen: int = 0
    above: int = 0
    recent: tuple[float, ...] = ()
    """The last values, for the words."""
    alarmed_at: float | None = None

    def after(self, at: float, value: float) -> LimitLane:
        """The lane one value later. An alarm stays, and so do the values that led to it."""
        if self.alarmed_at is not None:
            return self
        over = value > self.limit
        walk = self.walk.after(over)
        recent = (*self.recent[-_RECENT + 1 :], value)
        alarmed_at = at if walk.alarmed else None
        return LimitLane(
            self.limit,
            self.kept_before,
            walk,
            self.seen + 1,
            self.above + over,
            recent,
            alarmed_at,
        )


def limit_lane(limit: float, share_before: float | None, question: Question) -> LimitLane:
    """A lane that has seen nothing. `question.p0` is the largest share above the limit with
    which it still counts as kept; None before where nothing is known."""
    kept = share_before is None or share_before <= question.p0
    return LimitLane(limit, kept, Walk(question))
