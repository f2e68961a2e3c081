import pytest
from rest_framework.test import APIClient

from tests.servers.google import CLIENT_ID, CLIENT_SECRET, GoogleServer

CONNECT = "/api/v1/google/connect/"


@pytest.fixture
def google(settings):
    """A Google that knows this application."""
    with GoogleServer().running() as server:
        settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        settings.GOOGLE_ACCOUNTS_URL = settings.GOOGLE_OAUTH_URL = server.url
        settings.GOOGLE_APIS_URL = server.url
        yield server


@pytest.fixture
def browser(user):
    """The same person as `api`, in a browser's session."""
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


def agree(browser, google):
    """The whole way to Google and back; the last answer."""
    begun = browser.post(CONNECT)
    assert begun.status_code == 200, begun.content
    back = google.consent(begun.json()["authorization_url"])
    return browser.get(back.replace("http://testserver", ""))


@pytest.fixture
def connected(browser, google):
    answer = agree(browser, google)
    assert answer.status_code == 302, answer.content
    return google
