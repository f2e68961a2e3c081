"""Who has room for an interview on a day, by daily and weekly limits.

Days and weeks are those of the application's time zone; a week begins on Monday.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from apps.finance.models import Grade
from apps.interviewers.models import Interview, Interviewer
from logic.base.errors import DomainError


class InterviewerBusyError(DomainError):
    """A limit of the interviewer is reached on that day or in that week."""

    code = "interviewer_busy"


@dataclass(frozen=True)
class Room:
    """How many more interviews an interviewer takes; 0 where either limit is reached."""

    day_left: int
    week_left: int

    @property
    def is_there(self) -> bool:
        return self.day_left > 0 and self.week_left > 0


def rooms(interviewers: Iterable[Interviewer], day: date) -> dict[int, Room]:
    """The room of each interviewer on a day, by id; one query for all."""
    everyone = list(interviewers)
    planned = _planned(day).filter(interviewer__in=everyone)
    taken = {who: (of_day, of_week) for who, of_day, of_week in planned}
    return {one.id: _room(one, *taken.get(one.id, (0, 0))) for one in everyone}


def with_room(day: date, grade: Grade | None = None) -> QuerySet[Interviewer]:
    """Active interviewers who have room on a day, and interview candidates of the grade."""
    full = _planned(day).filter(
        Q(of_day__gte=F("interviewer__daily_limit"))
        | Q(of_week__gte=F("interviewer__weekly_limit"))
    )
    found = Interviewer.objects.filter(is_active=True, daily_limit__gt=0, weekly_limit__gt=0)
    found = found.exclude(id__in=full.values("interviewer"))
    if grade is None:
        return found
    return found.filter(
        Q(min_grade=None) | Q(min_grade__rank__lte=grade.rank),
        Q(max_grade=None) | Q(max_grade__rank__gte=grade.rank),
    )


def check_room(interviewer: Interviewer, starts_at: datetime, beside: int | None = None) -> None:
    """Raises InterviewerBusyError where there is none; the interview `beside` does not count.

    To be called in a transaction, which then has the interviewer for itself.
    """
    # Two who ask at the same time are let through one after the other.
    locked = Interviewer.objects.select_for_update().get(id=interviewer.id)
    day = timezone.localdate(starts_at)
    planned = _planned(day, Interview.objects.exclude(id=beside)).filter(interviewer=locked)
    taken = next(((of_day, of_week) for _, of_day, of_week in planned), (0, 0))
    if not locked.is_active or not _room(locked, *taken).is_there:
        raise InterviewerBusyError(f"{locked.name} takes no more interviews on {day}.")


def _room(one: Interviewer, of_day: int, of_week: int) -> Room:
    return Room(max(0, one.daily_limit - of_day), max(0, one.weekly_limit - of_week))


def _planned(day: date, interviews: QuerySet[Interview] | None = None) -> QuerySet[Interview]:
    """(interviewer's id, interviews of the day, interviews of its week), where there are any."""
    monday = day - timedelta(days=day.weekday())
    of_week = Q(starts_at__gte=_midnight(monday), starts_at__lt=_midnight(monday, days=7))
    of_day = Q(starts_at__gte=_midnight(day), starts_at__lt=_midnight(day, days=1))
    found = Interview.objects.all() if interviews is None else interviews
    counted = found.filter(of_week).order_by().values_list("interviewer")
    return counted.annotate(of_day=Count("id", filter=of_day), of_week=Count("id"))


def _midnight(day: date, days: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
