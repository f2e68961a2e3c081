"""Huntflow on a running release: its mirror, and its own service where it is connected."""

import pytest


def test_release_says_whether_huntflow_is_connected(api):
    answer = api.get("/api/v1/huntflow/connection/")
    assert answer.status_code == 200, answer.text
    assert answer.json()["is_connected"] in (True, False)
    assert not {"access_token", "refresh_token"} & set(answer.json())


@pytest.mark.parametrize("what", ["accounts", "vacancies", "statuses", "applicants", "sync"])
def test_mirror_answers(api, what):
    answer = api.get(f"/api/v1/huntflow/{what}/", params={"page_size": 1})
    assert answer.status_code == 200, answer.status_code  # its text would be personal
    assert answer.json()["count"] >= 0


def test_webhook_without_a_signature_is_refused(api):
    answer = api.post("/api/v1/huntflow/webhooks/", json={"meta": {"event_type": "PING"}})
    assert answer.status_code == 401


@pytest.mark.service("huntflow")
def test_huntflow_itself_answers(api):
    answer = api.post("/api/v1/huntflow/test-connection/")
    assert answer.status_code == 200, answer.text
    assert answer.json()["accounts"] >= 0
