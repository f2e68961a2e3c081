"""Interviews in the calendar: a repeat is the same one."""

import pytest

from logic.google.calendar import event_id

INTERVIEWS = "/api/v1/google/interviews/"
BODY = {
    "key": "screening-17",
    "title": "Screening",
    "text": "Bring questions",
    "start": "2026-03-02T10:00:00+03:00",
    "minutes": 45,
    "guests": ["ann@example.org", "bob@example.org"],
}


def post(api, **changed):
    return api.post(INTERVIEWS, BODY | changed, format="json")


def test_interview_is_put_into_the_calendar(api, user, connected):
    """With the end from its length, and invitations to the guests."""
    answer = post(api)
    assert answer.status_code == 201, answer.content
    (event,) = connected.events.values()
    assert event["id"] == answer.json()["id"] == event_id(str(user.pk), "screening-17")
    assert event["summary"] == "Screening"
    assert event["start"] == {"dateTime": "2026-03-02T10:00:00+03:00"}
    assert event["end"] == {"dateTime": "2026-03-02T10:45:00+03:00"}
    assert [one["email"] for one in event["attendees"]] == BODY["guests"]
    assert connected.invitations == ["all"]


def test_repeat_is_the_same_interview(api, connected):
    """An answer that got lost must not invite everybody twice; the zone may be another."""
    first = post(api)
    (event,) = connected.events.values()
    event["start"] = {"dateTime": "2026-03-02T07:00:00Z", "timeZone": "Europe/Minsk"}
    event["attendees"] = [one | {"responseStatus": "accepted"} for one in event["attendees"]]
    again = post(api)
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(connected.events) == len(connected.invitations) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Other"},
        {"text": "Other"},
        {"start": "2026-03-02T11:00:00+03:00"},
        {"minutes": 30},
        {"guests": ["ann@example.org"]},
    ],
)
def test_other_interview_under_the_key_is_a_conflict(api, connected, changed):
    """Silence would leave the guests with the old one."""
    post(api)
    answer = post(api, **changed)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "google_event_differs")
    assert len(connected.events) == 1


def test_interview_is_removed_and_its_key_used_up(api, connected):
    """Google keeps the id of what was deleted; twice removed is removed."""
    post(api)
    for _ in range(2):
        assert api.delete(f"{INTERVIEWS}screening-17/").status_code == 204
    assert api.delete(f"{INTERVIEWS}never-there/").status_code == 204
    assert post(api).status_code == 409


def test_id_is_of_googles_alphabet_and_its_owners(db):
    """Letters a to v and digits, 5 to 1024 of them."""
    made = event_id("1", "k")
    assert set(made) <= set("0123456789abcdefghijklmnopqrstuv")
    assert 5 <= len(made) <= 1024
    assert len({made, event_id("2", "k"), event_id("1", "l"), event_id("1", "k")}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "with a space"},
        {"minutes": 0},
        {"guests": ["not-an-address"]},
        {"guests": [f"g{n}@example.org" for n in range(21)]},
        {"start": "tomorrow"},
    ],
)
def test_wrong_interview_is_refused(api, connected, changed):
    """Before Google is asked."""
    assert post(api, **changed).status_code == 400
    assert connected.events == {}
