"""The team's rules of parom.toml as the plan's pure functions take them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from parom.config.model import Config
from parom.errors import rules as errors
from parom.plan.access import Access
from parom.plan.budgets import Budgets
from parom.plan.plan import Kind, Plan
from parom.plan.windows import (
    Hours,
    Permission,
    Span,
    Windows,
    hours_at,
    is_allowed,
    next_opening,
)

_BOUND_TO_HOURS = (Kind.DEPLOY,)
"""A way back is never blocked, a first installation has no visitors, a plan stops nothing."""


def windows_of(config: Config) -> Windows | None:
    """None where no time zone is set: then no hour is better than another."""
    given = config.windows
    if not given.timezone:
        return None
    return Windows(
        ZoneInfo(given.timezone),
        _spans(given.recommended),
        _spans(given.reserve),
        _spans(given.avoid),
    )


def budgets_of(config: Config) -> Budgets:
    given = config.budgets
    return Budgets(given.preparation_s, given.cutover_s, given.total_s)


def access_of(config: Config) -> Access:
    given = config.access
    return Access(given.roles, given.deploy, given.override, given.approve)


def permission_of(plan: Plan) -> Permission:
    return Permission(plan.reason, plan.override)


def opening_for(config: Config, permission: Permission, after: datetime) -> datetime | None:
    """When a deployment may next stop the services in a window; the reserve counts with a
    reason. Aware, in the windows' zone; None where there is no window."""
    windows = windows_of(config)
    if windows is None:
        return None
    wanted = (Hours.RECOMMENDED, Hours.RESERVE) if permission.reason else (Hours.RECOMMENDED,)
    found = next_opening(windows, after, wanted)
    return found.astimezone(windows.zone) if found else None


def refuse_hours(
    config: Config, kind: Kind, permission: Permission, stop_at: datetime
) -> Hours | None:
    """What the hours are in which the services would be stopped; None where there are no windows.

    Raises `window.reserve`, `window.avoided`.
    """
    windows = windows_of(config)
    if windows is None:
        return None
    hours = hours_at(windows, stop_at)
    if kind not in _BOUND_TO_HOURS or is_allowed(hours, permission):
        return hours
    opens = opening_for(config, permission, stop_at)
    local = stop_at.astimezone(windows.zone)
    if hours is Hours.RESERVE:
        raise errors.reserve_needs_reason(local, config.windows.timezone, opens)
    raise errors.hours_avoided(local, config.windows.timezone, opens)


def expected_stop(config: Config, now: datetime) -> datetime:
    """When the services are stopped by what goes on at `now` (UTC), with nothing but the
    baseline before the cutover."""
    return now + timedelta(seconds=config.watch.baseline_s)


def _spans(texts: tuple[str, ...]) -> tuple[Span, ...]:
    pairs = (text.split("-") for text in texts)
    return tuple(Span(time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in pairs)
