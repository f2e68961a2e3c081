"""The key is stored encrypted, never shown, and tried on request."""

import logging

import pytest
from django.db import connection as database
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from apps.accounts.roles import Role, grant
from tests.gemini.conftest import KEY

ADDRESS = "/api/v1/gemini/key/"
TEST = "/api/v1/gemini/test-connection/"


@pytest.fixture
def client_of(django_user_model):
    def made(role):
        user = django_user_model.objects.create(username=role)
        grant(user, role)
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=user).key}")
        return client

    return made


def test_key_is_stored_and_not_shown(api, gemini, caplog):
    """Neither in an answer, nor in the log, nor in the database as it is."""
    caplog.set_level(logging.DEBUG)
    assert api.get(ADDRESS).json() == {"is_stored": False, "updated_at": None}
    stored = api.put(ADDRESS, {"key": KEY})
    assert stored.json()["is_stored"] is True
    assert api.post(TEST).json() == {"model": "models/gemini-flash-latest"}
    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_credential")
        assert KEY not in str(cursor.fetchall())
    assert KEY not in caplog.text + stored.content.decode() + api.get(ADDRESS).content.decode()
    assert api.delete(ADDRESS).status_code == 204
    assert api.get(ADDRESS).json()["is_stored"] is False


def test_key_that_gemini_does_not_know_is_401(api, connected):
    """The test says so, instead of "success"."""
    connected.keys = {"another"}
    answer = api.post(TEST)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "gemini_refused")


@pytest.mark.parametrize("key", ["", "short", "with a space", "line\nbreak-of-a-header", "x" * 201])
def test_what_cannot_be_a_key_is_refused(api, db, key):
    """A line break in it would become a header of its own."""
    assert api.put(ADDRESS, {"key": key}).status_code == 400


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [
        (Role.RECRUITER, 200, 403),
        (Role.FINANCE, 403, 403),
        (Role.VIEWER, 403, 403),
    ],
)
def test_key_is_the_administrators(client_of, gemini, role, read, write):
    """Recruiters see that there is one."""
    client = client_of(role)
    assert client.get(ADDRESS).status_code == read
    assert client.put(ADDRESS, {"key": KEY}).status_code == write
    assert client.get("/api/v1/gemini/sessions/").status_code == read
    assert client.get("/api/v1/gemini/analyses/").status_code == read
