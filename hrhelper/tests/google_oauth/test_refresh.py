"""Tokens are refreshed exactly once, however many find them used up."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections
from django.utils import timezone

from apps.google_oauth import grants
from apps.google_oauth.calls import list_folder
from apps.google_oauth.models import Grant
from logic.google.errors import ConsentNeededError, GoogleError
from tests.google_oauth.conftest import agree

FOLDER = "/api/v1/google/folders/folder-1/"
FILE = {"id": "f", "name": "CV", "parents": ["folder-1"]}
ASKING = 6


@pytest.fixture
def at_once():
    """Call something in several threads, each with a connection of its own."""

    def called(work):
        gate = threading.Barrier(ASKING)

        def one(_):
            try:
                gate.wait(120)
                return work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(ASKING) as pool:
            return list(pool.map(one, range(ASKING)))

    return called


@pytest.fixture
def held_until_all_wait(monkeypatch, google):
    """Google answers the refresh only when all others have found it under way."""
    google.refresh_is_held, waiting = threading.Event(), set()

    def wait(seconds):
        waiting.add(threading.get_ident())
        if len(waiting) == ASKING - 1:
            google.refresh_is_held.set()
        time.sleep(seconds)

    monkeypatch.setattr(grants, "time", SimpleNamespace(sleep=wait, monotonic=time.monotonic))


def end_soon(user):
    """As far as this application knows the token is about to end."""
    found = grants.held(user)
    kept = grants.oauth.Tokens(
        found.access, found.refresh, timezone.now() + timedelta(seconds=5), frozenset()
    )
    grants._store(user, kept, found.refresh, found.generation)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_refresh_once(at_once, browser, user, google, held_until_all_wait):
    """Google voids tokens of an application that asks for too many."""
    agree(browser, google)
    seen = grants.held(user)
    google.expire()
    got = at_once(lambda: grants.renewed(user, seen))
    assert google.refreshes == 1
    assert {one.access for one in got} == google.access
    assert {one.generation for one in got} == {seen.generation + 1}


@pytest.mark.django_db(transaction=True)
def test_many_whose_calls_are_refused_refresh_once(at_once, browser, user, google):
    """From the 401 of Drive on, through Google's own client."""
    agree(browser, google)
    google.files = [FILE]
    google.expire()
    pages = at_once(lambda: list_folder(user, "folder-1", None))
    assert google.refreshes == 1
    assert [page.files[0].name for page in pages] == ["CV"] * ASKING


def test_token_that_is_about_to_end_is_refreshed_before(api, user, connected):
    """It would end on its way."""
    connected.files = [FILE]
    end_soon(user)
    assert api.get(FOLDER).status_code == 200
    assert api.get(FOLDER).status_code == 200
    assert connected.refreshes == 1


def test_agreement_that_is_over_needs_the_person(api, user, connected):
    """Told as such, and Google is not asked again and again."""
    connected.withdraw()
    for _ in range(2):
        answer = api.get(FOLDER)
        assert (answer.status_code, answer.json()["error"]["code"]) == (
            422,
            "google_consent_needed",
        )
    assert connected.refreshes == 1
    state = api.get("/api/v1/google/grant/").json()
    assert (state["is_connected"], state["is_over"]) == (False, True)


def test_new_agreement_mends_one_that_was_over(api, browser, user, connected):
    """The person's part is done by that."""
    connected.withdraw()
    api.get(FOLDER)
    assert agree(browser, connected).status_code == 302
    connected.files = [FILE]
    assert api.get(FOLDER).status_code == 200


def test_refresh_that_failed_is_tried_by_the_next(user, connected):
    """And the lease does not keep it waiting."""
    seen = grants.held(user)
    connected.refresh_failures = [503]
    with pytest.raises(GoogleError):
        grants.renewed(user, seen)
    assert grants.renewed(user, seen).generation == seen.generation + 1
    assert connected.refreshes == 2


def test_lease_of_a_process_that_died_ends(user, connected):
    """Nobody comes back to give it up."""
    seen = grants.held(user)
    Grant.objects.update(refreshing_until=timezone.now() - timedelta(seconds=1))
    assert grants.renewed(user, seen).generation == seen.generation + 1


def test_without_an_agreement_nobody_is_asked(user, google):
    """The cure is the person's."""
    with pytest.raises(ConsentNeededError):
        grants.usable(user)


def test_tokens_show_themselves_nowhere(user, connected):
    """A traceback or a log line with them would give them away."""
    assert "canary" not in repr(grants.held(user)) + repr(grants.client())
