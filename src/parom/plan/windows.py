"""At which hours an installation may be stopped (R-9.2). Pure: the moment is given."""

from __future__ import annotations

import enum
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_MINUTE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(days=8)
"""A window of every day comes again within a day, and within two where one day has not got it."""


class Hours(enum.StrEnum):
    """What a moment is for a deployment."""

    RECOMMENDED = "recommended"
    RESERVE = "reserve"
    """Only with a stated reason."""
    AVOIDED = "avoided"
    """Only by an override, with a reason."""
    ORDINARY = "ordinary"
    """Neither recommended nor avoided."""


@dataclass(frozen=True)
class Span:
    """A part of every day by the clock on the wall, from `begin` up to, not with, `end`.

    One that ends before it begins, or when, goes past midnight.
    """

    begin: time
    end: time

    def holds(self, moment: time) -> bool:
        if self.begin < self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class Windows:
    """The hours of one installation, in one time zone."""

    zone: tzinfo
    recommended: tuple[Span, ...]
    reserve: tuple[Span, ...]
    avoid: tuple[Span, ...]


@dataclass(frozen=True)
class Permission:
    """What whoever asks brings along."""

    reason: str = ""
    override: bool = False
    """Somebody who may, wants it in avoided hours too."""


def hours_at(windows: Windows, moment: datetime) -> Hours:
    """What an aware `moment` is. The narrower wish wins: the reserve lies in avoided hours."""
    wall = moment.astimezone(windows.zone).time()
    for spans, hours in (
        (windows.recommended, Hours.RECOMMENDED),
        (windows.reserve, Hours.RESERVE),
        (windows.avoid, Hours.AVOIDED),
    ):
        if any(span.holds(wall) for span in spans):
            return hours
    return Hours.ORDINARY


def is_allowed(hours: Hours, permission: Permission) -> bool:
    """Whether a deployment may stop the installation at such hours. A rollback always may."""
    match hours:
        case Hours.RESERVE:
            return bool(permission.reason)
        case Hours.AVOIDED:
            return permission.override and bool(permission.reason)
    return True


def next_opening(
    windows: Windows, after: datetime, wanted: Collection[Hours] = (Hours.RECOMMENDED,)
) -> datetime | None:
    """The first moment from `after` on that is wanted, to the minute, in UTC: adding to a time of a
    zone, or comparing it, moves the hands of its clock. None where there is none.

    It looks at every minute: only so it cannot be wrong where clocks are put forward or
    back, and an hour of the wall is missing or comes twice.
    """
    after = after.astimezone(UTC)
    if hours_at(windows, after) in wanted:
        return after
    moment = after.replace(second=0, microsecond=0) + _MINUTE
    for _ in range(math.ceil(_LONGEST_WAIT / _MINUTE)):
        if hours_at(windows, moment) in wanted:
            return moment
        moment += _MINUTE
    return None
