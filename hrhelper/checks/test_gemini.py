"""Gemini on a running release; nothing here costs tokens."""

import pytest


def test_release_says_whether_gemini_has_a_key(api):
    answer = api.get("/api/v1/gemini/key/")
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"is_stored", "updated_at"}


def test_analyses_answer(api):
    answer = api.get("/api/v1/gemini/analyses/", params={"page_size": 1})
    assert answer.status_code == 200
    assert answer.json()["count"] >= 0


def test_chat_can_be_created_and_removed(api):
    answer = api.post("/api/v1/gemini/sessions/", json={"title": "check"})
    assert answer.status_code == 201, answer.text
    made = f"/api/v1/gemini/sessions/{answer.json()['id']}/"
    try:
        assert api.get(f"{made}messages/").json()["count"] == 0
    finally:
        assert api.delete(made).status_code == 204


@pytest.mark.service("gemini")
def test_gemini_itself_answers(api):
    answer = api.post("/api/v1/gemini/test-connection/")
    assert answer.status_code == 200, answer.text
    assert answer.json()["model"]
