"""Agreeing to calendar and Drive: with state and PKCE, in one browser, and back again."""

import logging

import pytest
from django.db import connection as database

from apps.accounts.models import Credential
from apps.accounts.roles import Role, grant
from apps.google_oauth import consent
from apps.google_oauth.models import Grant
from tests.google_oauth.conftest import CONNECT, agree

GRANT = "/api/v1/google/grant/"


def code_of(answer):
    return answer.json()["error"]["code"]


def returning(browser, google):
    """The address with which Google sends the browser back."""
    address = browser.post(CONNECT).json()["authorization_url"]
    return google.consent(address).replace("http://testserver", "")


def test_agreement_is_kept_encrypted(browser, google, caplog):
    """The tokens are in no answer, in no log, and not readable in the database."""
    caplog.set_level(logging.DEBUG)
    assert browser.get(GRANT).json()["is_connected"] is False
    answer = agree(browser, google)
    assert (answer.status_code, answer["Location"]) == (302, GRANT)
    state = browser.get(GRANT)
    assert state.json()["is_connected"] is True
    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_credential")
        stored = str(cursor.fetchall())
    assert "canary" not in stored + state.content.decode() + caplog.text
    assert Credential.objects.get().expires_at is not None


def test_answer_to_another_beginning_is_refused(browser, google):
    """Somebody who sends a person their own code would get the person's interviews."""
    returning(browser, google)
    address = returning(browser, google)
    wrong = browser.get(address.replace("state=", "state=x"))
    assert (wrong.status_code, code_of(wrong)) == (422, "google_consent_refused")
    assert google.consents == 0


def test_answer_counts_once(browser, google):
    """A second use is somebody else's, or a reload."""
    address = returning(browser, google)
    assert browser.get(address).status_code == 302
    assert code_of(browser.get(address)) == "google_consent_refused"
    assert google.consents == 1


def test_answer_in_another_browser_is_refused(browser, google, user):
    """Even of the same person: the state lies in the session."""
    address = returning(browser, google)
    browser.logout()
    browser.force_login(user)
    assert code_of(browser.get(address)) == "google_consent_refused"


def test_answer_without_the_verifier_is_worth_nothing(browser, google, monkeypatch):
    """PKCE: a code that was seen on its way cannot be used by another."""
    address = returning(browser, google)
    session = browser.session
    session[consent.BEGUN] = session[consent.BEGUN] | {"verifier": "another" * 8}
    session.save()
    assert code_of(browser.get(address)) == "google_consent_refused"
    assert not Grant.objects.exists()


def test_late_answer_is_refused(browser, google, monkeypatch):
    """Who left for lunch begins again."""
    address = returning(browser, google)
    monkeypatch.setattr(consent, "LONGEST_S", -1)
    assert code_of(browser.get(address)) == "google_consent_refused"


def test_half_an_agreement_is_none(browser, google):
    """Google lets people untick Drive; the calls would fail later, one by one."""
    google.scope = "https://www.googleapis.com/auth/calendar.events"
    answer = agree(browser, google)
    assert (answer.status_code, code_of(answer)) == (422, "google_consent_refused")
    assert not Grant.objects.exists()


def test_refusal_is_told(browser, google):
    """The person pressed Cancel."""
    address = returning(browser, google).replace("code=", "error=access_denied&was=")
    assert code_of(browser.get(address)) == "google_consent_refused"


def test_token_of_the_api_cannot_begin(api, google):
    """Nothing would tie the browser that comes back to it."""
    answer = api.post(CONNECT)
    assert (answer.status_code, code_of(answer)) == (403, "permission_denied")


def test_agreement_is_given_back_and_forgotten(browser, connected):
    """At Google and here."""
    (token,) = connected.refresh
    assert browser.delete(GRANT).status_code == 204
    assert connected.revoked == [token]
    assert not Grant.objects.exists()
    assert not Credential.objects.exists()
    assert browser.delete(GRANT).status_code == 204


def test_nothing_is_forgotten_where_google_does_not_answer(browser, connected, settings):
    """It would stay in force, and nobody would see it."""
    settings.GOOGLE_OAUTH_URL = "http://127.0.0.1:1"
    answer = browser.delete(GRANT)
    assert (answer.status_code, code_of(answer)) == (502, "google_unreachable")
    assert Grant.objects.exists()


def test_tokens_go_with_their_person(user, connected):
    """Who leaves the team leaves no keys."""
    user.delete()
    assert not Credential.objects.exists()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.VIEWER])
def test_other_roles_may_not(client, google, django_user_model, role):
    """Interviews are the recruiters'."""
    other = django_user_model.objects.create(username=role)
    grant(other, role)
    client.force_login(other)
    assert client.get(GRANT).status_code == 403
    assert client.get("/api/v1/google/folders/abc/").status_code == 403
