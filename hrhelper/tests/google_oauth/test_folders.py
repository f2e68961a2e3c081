"""Folders of Drive, and what is told where Google fails."""

import logging

import pytest

from logic.google import service

FOLDER = "/api/v1/google/folders/folder-1/"


@pytest.fixture
def full(connected):
    """A folder of 230 files, and a file elsewhere."""
    connected.files = [
        {"id": f"f{n}", "name": f"CV {n}", "parents": ["folder-1"], "size": "10"}
        for n in range(230)
    ]
    connected.files.append({"id": "other", "name": "x", "parents": ["folder-2"]})
    return connected


def test_folder_is_listed_page_by_page(api, full):
    """To its end, and nothing twice."""
    seen, page, sizes = [], None, []
    while page or not sizes:
        answer = api.get(FOLDER, {"page": page} if page else {}).json()
        sizes.append(len(answer["files"]))
        seen += [one["id"] for one in answer["files"]]
        page = answer["next_page"]
    assert sizes == [100, 100, 30]
    assert seen == [f"f{n}" for n in range(230)]
    assert answer["files"][0]["size"] == 10


@pytest.mark.parametrize("folder", ["a'b", "a b", "x" * 129, "%27%20or%20%27"])
def test_what_is_no_id_of_a_folder_is_404(api, full, folder):
    """It would become part of a search."""
    assert api.get(f"/api/v1/google/folders/{folder}/").status_code == 404


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (403, 403, "google_refused"),
        (404, 404, "google_refused"),
        (429, 429, "google_refused"),
        (500, 502, "google_refused"),
        ("stall", 504, "google_timeout"),
        ("cut", 502, "google_unreachable"),
        ("malformed", 502, "google_unreachable"),
    ],
)
def test_failure_of_google_is_told_as_such(api, full, monkeypatch, caplog, failure, status, code):
    """Its body is not: what lies in a Drive is personal."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(service, "WAIT_S", 2)
    full.failures = [failure]
    answer = api.get(FOLDER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.content
    assert "body-canary" not in caplog.text + answer.content.decode()
    if status == 429:
        assert answer["Retry-After"] == "9"


def test_google_that_is_not_there_is_502(api, connected, settings):
    """The port answers nobody."""
    settings.GOOGLE_APIS_URL = "http://127.0.0.1:1"
    answer = api.get(FOLDER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "google_unreachable")


def test_without_an_agreement_it_is_422(api, google):
    """The person has to agree first."""
    answer = api.get(FOLDER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "google_consent_needed")
