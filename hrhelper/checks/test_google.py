"""Google on a running release, with the calendar and the Drive of the user of the checks."""

import uuid

import pytest


def test_release_says_whether_google_is_connected(api):
    answer = api.get("/api/v1/google/grant/")
    assert answer.status_code == 200, answer.text
    assert {"is_connected", "is_over"} <= set(answer.json())


def test_consent_is_not_begun_with_a_token(api):
    assert api.post("/api/v1/google/connect/").status_code == 403


@pytest.mark.service("google")
def test_folder_of_the_drive_is_listed(api):
    answer = api.get("/api/v1/google/folders/root/")
    assert answer.status_code == 200, answer.status_code
    assert isinstance(answer.json()["files"], list)


@pytest.mark.service("google")
def test_interview_can_be_placed_and_removed(api):
    key = f"check-{uuid.uuid4()}"
    body = {"key": key, "title": "A check", "start": "2099-01-05T03:00:00Z", "minutes": 5}
    try:
        placed = api.post("/api/v1/google/interviews/", json=body)
        assert placed.status_code == 201, placed.text
        again = api.post("/api/v1/google/interviews/", json=body)
        assert (again.status_code, again.json()["id"]) == (200, placed.json()["id"])
    finally:
        assert api.delete(f"/api/v1/google/interviews/{key}/").status_code == 204
