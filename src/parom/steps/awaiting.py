"""Between the preparation and the cutover: the hour, and a second person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from parom.durable import write_atomically
from parom.errors import engine as engine_errors
from parom.errors import rules as errors
from parom.plan.plan import Kind
from parom.steps.rules import (
    access_of,
    expected_stop,
    opening_for,
    permission_of,
    refuse_hours,
)
from parom.steps.step import Context, Data, Plain

NEXT_WINDOW = "next-window"
_EVERY_S = 1.0


class AwaitCutover(Plain):
    """What was prepared waits, as long as it takes: nothing of it disturbs the public."""

    name = "cutover.await"

    def run(self, context: Context) -> Data:
        """Raises `run.not-approved`, `run.aborted`, `window.reserve`, `window.avoided`."""
        config, plan, clock = (
            context.installation.config,
            context.plan,
            context.installation.clock,
        )
        if plan.kind is not Kind.DEPLOY:
            return {"waited_s": 0.0}
        began = self._begun(context)
        approvers = access_of(config).approvers(config.project.environment)
        opens = self._opening(context)
        self._say_window(context, opens)
        if approvers and not context.approvals():
            context.tell("waits-for-approval", {"roles": list(approvers)})
        while self._must_wait(context, began, opens, approvers):
            clock.wait(_EVERY_S)
            opens = self._still_to_open(context, opens)
        now = clock.now()
        hours = refuse_hours(config, plan.kind, permission_of(plan), expected_stop(config, now))
        return {
            "waited_s": round((now - began).total_seconds(), 1),
            "hours": hours.value if hours else "",
            "reason": plan.reason,
            "override": plan.override,
            "approved_by": list(context.approvals()),
        }

    def _begun(self, context: Context) -> datetime:
        """When it was first begun, also by an engine that was killed: a limit is absolute."""
        file = context.folder / "await"
        if not file.exists():
            moment = context.installation.clock.now().isoformat()
            write_atomically(file, moment.encode("ascii"), 0o600)
        return datetime.fromisoformat(file.read_text(encoding="ascii"))

    def _opening(self, context: Context) -> datetime | None:
        """When to go on: so early that the baseline is measured when the window opens."""
        plan, config = context.plan, context.installation.config
        if plan.at != NEXT_WINDOW:
            return None
        baseline = timedelta(seconds=config.watch.baseline_s)
        now = context.installation.clock.now()
        opens = opening_for(config, permission_of(plan), now + baseline)
        if opens is None:
            raise errors.no_window()
        # Of UTC: in a zone it would be the hands of a clock that is set that are moved.
        return opens.astimezone(UTC) - baseline

    def _still_to_open(self, context: Context, opens: datetime | None) -> datetime | None:
        """The next window, where that one passed while an approval was waited for."""
        if opens is None or context.installation.clock.now() < opens:
            return opens
        later = self._opening(context)
        self._say_window(context, later)
        return later

    def _say_window(self, context: Context, opens: datetime | None) -> None:
        config = context.installation.config
        if opens is not None and opens > context.installation.clock.now():
            zone = config.windows.timezone
            stop = opens + timedelta(seconds=config.watch.baseline_s)
            told = {"until": stop.astimezone(ZoneInfo(zone)).isoformat(), "zone": zone}
            context.tell("waits-for-window", told)

    def _must_wait(
        self,
        context: Context,
        began: datetime,
        opens: datetime | None,
        approvers: tuple[str, ...],
    ) -> bool:
        context.checkpoint()
        who = context.abort_asked()
        if who:
            raise engine_errors.aborted(who)
        limit_s = context.installation.config.access.approval_limit_s
        now = context.installation.clock.now()
        unapproved = bool(approvers) and not context.approvals()
        if unapproved and now >= began + timedelta(seconds=limit_s):
            raise errors.not_approved(limit_s / 3600, approvers)
        early = opens is not None and now < opens
        if early and opens is not None:
            done, total = (now - began).total_seconds(), (opens - began).total_seconds()
            context.progress(int(done), int(total), "s")
        return unapproved or early
