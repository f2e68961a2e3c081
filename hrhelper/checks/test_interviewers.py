"""Interviewers on a running release: a limit holds; both rows are removed together."""

import uuid


def test_limit_of_an_interviewer_holds(api):
    mark = f"check-{uuid.uuid4()}"
    body = {"name": mark, "email": f"{mark}@example.org", "daily_limit": 1, "weekly_limit": 1}
    answer = api.post("/api/v1/interviewers/", json=body)
    assert answer.status_code == 201, answer.text
    made = f"/api/v1/interviewers/{answer.json()['id']}/"
    interview = {"interviewer": answer.json()["id"], "starts_at": "2099-01-05T03:00:00Z"}
    try:
        assert api.post("/api/v1/interviewers/interviews/", json=interview).status_code == 201
        assert api.post("/api/v1/interviewers/interviews/", json=interview).status_code == 422
        room = api.get(f"{made}availability/", params={"day": "2099-01-05"})
        assert room.json()["is_there"] is False
    finally:
        assert api.delete(made).status_code == 204
