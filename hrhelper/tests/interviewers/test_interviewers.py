"""Interviewers: limits that hold, days and weeks of the local clock, a grade range."""

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from apps.finance.models import Grade
from apps.interviewers.models import Interview, Interviewer
from logic.interviewers.availability import InterviewerBusyError, check_room

INTERVIEWERS = "/api/v1/interviewers/"
INTERVIEWS = f"{INTERVIEWERS}interviews/"
MINSK = ZoneInfo("Europe/Minsk")
MONDAY, TUESDAY, SUNDAY, NEXT_MONDAY = "2026-03-02", "2026-03-03", "2026-03-08", "2026-03-09"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ida(db):
    return Interviewer.objects.create(
        name="Ida", email="ida@example.org", daily_limit=2, weekly_limit=3
    )


def plan(api, one, day, hour="12:00"):
    """The status of a new interview at an hour in Minsk."""
    body = {"interviewer": one.id, "starts_at": f"{day}T{hour}:00+03:00"}
    return api.post(INTERVIEWS, body).status_code


def room(api, one, day):
    answer = api.get(f"{INTERVIEWERS}{one.id}/availability/", {"day": day}).json()
    return answer["day_left"], answer["week_left"], answer["is_there"]


def available(api, **query):
    answer = api.get(f"{INTERVIEWERS}available/", query)
    assert answer.status_code == 200, answer.content
    return {one["name"]: one["room"]["day_left"] for one in answer.json()["results"]}


def test_life_of_an_interviewer(api, world):
    """Create, read, change, delete."""
    made = api.post(INTERVIEWERS, {"name": "Jan", "email": "jan@example.org"})
    assert made.status_code == 201
    assert (made.json()["daily_limit"], made.json()["weekly_limit"]) == (2, 5)
    address = f"{INTERVIEWERS}{made.json()['id']}/"
    changed = api.patch(address, {"min_grade": world.grade.id, "weekly_limit": 9})
    assert changed.json()["min_grade"] == world.grade.id
    assert api.get(INTERVIEWERS, {"name": "JA"}).json()["count"] == 1
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"weekly_limit": 1}, "weekly_limit"),
        ({"daily_limit": 6}, "weekly_limit"),
        ({"daily_limit": -1}, "daily_limit"),
        ({"weekly_limit": 201}, "weekly_limit"),
        ({"email": "jan"}, "email"),
    ],
)
def test_wrong_field_is_named(api, wrong, named):
    """A week has no fewer interviews than one of its days."""
    body = {"name": "Jan", "email": "jan@example.org"}
    answer = api.post(INTERVIEWERS, body | wrong)
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == {named}


def test_grade_range_goes_upwards_by_rank(api, world):
    """Also where only one end is changed."""
    low = Grade.objects.create(name="Zero", rank=0)
    body = {"name": "Jan", "email": "jan@example.org", "min_grade": world.grade.id}
    assert api.post(INTERVIEWERS, body | {"max_grade": low.id}).status_code == 400
    made = api.post(INTERVIEWERS, body | {"max_grade": world.free_grade.id}).json()["id"]
    assert api.patch(f"{INTERVIEWERS}{made}/", {"max_grade": low.id}).status_code == 400


def test_daily_limit_is_of_a_local_day(api, ida):
    """An interview at one in the morning in Minsk is yesterday's by Greenwich."""
    assert plan(api, ida, TUESDAY, "01:00") == 201
    assert room(api, ida, MONDAY) == (2, 2, True)
    assert plan(api, ida, TUESDAY, "23:00") == 201
    assert plan(api, ida, TUESDAY, "12:00") == 422
    assert room(api, ida, TUESDAY) == (0, 1, False)


def test_weekly_limit_is_from_monday_to_sunday(api, ida):
    """And is full although the day is empty."""
    for day in (MONDAY, TUESDAY, SUNDAY):
        assert plan(api, ida, day) == 201
    assert room(api, ida, "2026-03-05") == (2, 0, False)
    assert plan(api, ida, "2026-03-05") == 422
    assert plan(api, ida, NEXT_MONDAY) == 201


def test_interview_can_be_moved_within_its_day(api, ida):
    """It must not count against itself, and must count on the new day."""
    assert [plan(api, ida, MONDAY), plan(api, ida, MONDAY)] == [201, 201]
    assert plan(api, ida, TUESDAY) == 201
    one = Interview.objects.filter(interviewer=ida).last()
    address = f"{INTERVIEWS}{one.id}/"
    assert api.patch(address, {"starts_at": f"{MONDAY}T09:00:00+03:00"}).status_code == 200
    tuesdays = Interview.objects.first()
    moved = api.patch(f"{INTERVIEWS}{tuesdays.id}/", {"starts_at": f"{MONDAY}T09:00:00+03:00"})
    assert moved.status_code == 422
    assert moved.json()["error"]["code"] == "interviewer_busy"


@pytest.mark.parametrize(("field", "value"), [("is_active", False), ("daily_limit", 0)])
def test_who_rests_gets_no_interview(api, ida, field, value):
    """Switched off, or with a limit of nothing."""
    Interviewer.objects.filter(id=ida.id).update(**{field: value})
    assert plan(api, ida, MONDAY) == 422
    assert available(api, day=MONDAY) == {}


def test_available_are_those_with_room_on_the_day(api, ida):
    """With what is left of it."""
    Interviewer.objects.create(name="Jan", email="jan@example.org", weekly_limit=2)
    assert available(api, day=MONDAY) == {"Ida": 2, "Jan": 2}
    plan(api, ida, MONDAY)
    assert available(api, day=MONDAY) == {"Ida": 1, "Jan": 2}
    plan(api, ida, MONDAY)
    assert available(api, day=MONDAY) == {"Jan": 2}
    assert available(api, day=TUESDAY) == {"Ida": 2, "Jan": 2}
    plan(api, ida, TUESDAY)
    assert available(api, day=SUNDAY) == {"Jan": 2}


def test_available_for_a_grade_are_those_whose_range_holds_it(api):
    """By rank, with both ends; no bound is every grade."""
    ranks = {rank: Grade.objects.create(name=str(rank), rank=rank) for rank in (1, 2, 3, 4)}
    for name, low, high in (("a", None, 2), ("b", 2, 3), ("c", 3, None), ("d", None, None)):
        Interviewer.objects.create(
            name=name, email=f"{name}@x.org", min_grade=ranks.get(low), max_grade=ranks.get(high)
        )
    found = {rank: "".join(available(api, day=MONDAY, grade=ranks[rank].id)) for rank in ranks}
    assert found == {1: "ad", 2: "abd", 3: "bcd", 4: "cd"}


@pytest.mark.parametrize("query", [{"day": "tomorrow"}, {"day": "0001-01-01"}, {"grade": 999_999}])
def test_question_that_is_none_is_400(api, ida, query):
    """Also at the beginning of time, where no week can be counted."""
    assert api.get(f"{INTERVIEWERS}available/", query).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_last_free_place_is_given_once(ida):
    """Two recruiters at the same moment."""
    Interviewer.objects.filter(id=ida.id).update(daily_limit=1)
    starts_at = datetime(2026, 3, 2, 12, tzinfo=MINSK)
    both, outcomes = threading.Barrier(2), []

    def ask():
        both.wait()
        try:
            with transaction.atomic():
                check_room(ida, starts_at)
                Interview.objects.create(interviewer=ida, starts_at=starts_at)
            outcomes.append("planned")
        except InterviewerBusyError:
            outcomes.append("busy")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["busy", "planned"]
