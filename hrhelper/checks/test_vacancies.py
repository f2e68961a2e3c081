"""Vacancies on a running release."""

import uuid


def test_vacancy_can_be_created_and_updated(api):
    mark = f"check-{uuid.uuid4()}"
    answer = api.post("/api/v1/vacancies/", json={"external_id": mark, "name": mark})
    assert answer.status_code == 201, answer.text
    made = f"/api/v1/vacancies/{answer.json()['id']}/"
    try:
        assert api.patch(made, json={"name": "changed"}).json()["name"] == "changed"
        assert api.post(f"{made}toggle-active/").json()["is_active"] is False
        found = api.get("/api/v1/vacancies/search/", params={"q": "CHANGED", "external_id": mark})
        assert [one["external_id"] for one in found.json()["results"]] == [mark]
    finally:
        assert api.delete(made).status_code == 204


def test_anonymous_call_is_refused(api):
    answer = api.get("/api/v1/vacancies/", headers={"Authorization": ""})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"]
