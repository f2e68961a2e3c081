"""Logging in with Google: only who linked the account, never by the e-mail address alone."""

import json
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.test import Client

from config.google_login import providers
from tests.servers.openid import openid_provider

LOGIN = "/accounts/oidc/google/login/"
SUBJECT, ADDRESS = "google-4711", "olga@example.org"


@pytest.fixture(scope="module")
def provider():
    with openid_provider() as server:
        claims = {"email": ADDRESS, "email_verified": True, "name": "Olga Novik"}
        server.ask(
            "PUT",
            f"/users/{quote(SUBJECT)}",
            json.dumps(claims).encode(),
            {"Content-Type": "application/json"},
        )
        yield server


@pytest.fixture(autouse=True)
def known(provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS = providers("hrhelper", "login-secret", provider.url)


@pytest.fixture
def olga(db):
    """With the same e-mail address as at Google, and even a verified one."""
    user = User.objects.create_user("olga", ADDRESS, "password-of-olga")
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user


def way(browser, provider, query=""):
    """The whole way to Google and back; the last answer."""
    sent = browser.post(LOGIN + query)
    assert sent.status_code == 302, sent.content
    assert sent["Location"].startswith(f"{provider.url}/oauth2/authorize?")
    back = provider.consent(sent["Location"], SUBJECT)
    return browser.get(back.replace("http://testserver", ""))


def who(browser):
    """The user that the browser is logged in as, or None."""
    return browser.session.get("_auth_user_id")


def test_linked_account_logs_in(olga, provider):
    """Linked while logged in otherwise; and with PKCE, which this provider insists on."""
    at_work, at_home = Client(), Client()
    at_work.force_login(olga)
    before = provider.verified
    linked = way(at_work, provider, "?process=connect")
    assert linked.status_code == 302
    assert SocialAccount.objects.get().user == olga
    assert who(at_home) is None
    way(at_home, provider)
    assert who(at_home) == str(olga.pk)
    assert provider.verified == before + 2


def test_same_address_links_nothing(olga, provider):
    """Whoever can have an address confirmed somewhere would get into the account."""
    browser = Client()
    answer = way(browser, provider)
    assert who(browser) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1
    assert answer.status_code == 200


def test_stranger_gets_no_account(db, provider):
    """Every person in the world has a Google account."""
    browser = Client()
    way(browser, provider)
    assert who(browser) is None
    assert not User.objects.exists()
    assert Client().get("/accounts/3rdparty/signup/").status_code == 302
    assert Client().get("/accounts/signup/").status_code == 404


def test_account_that_is_linked_to_another_is_not_taken_over(olga, provider):
    """Linking is the owner's to undo."""
    first, second = Client(), Client()
    first.force_login(olga)
    way(first, provider, "?process=connect")
    second.force_login(User.objects.create(username="petr"))
    way(second, provider, "?process=connect")
    assert SocialAccount.objects.get().user == olga


def test_login_does_not_begin_by_a_link(olga):
    """A page elsewhere could log a visitor into somebody's account."""
    answer = Client().get(LOGIN)
    assert answer.status_code == 200
    assert b"<form" in answer.content


def test_answer_of_another_browser_is_refused(olga, provider):
    """State ties the way back to the way there."""
    one, other = Client(), Client()
    sent = one.post(LOGIN)
    back = provider.consent(sent["Location"], SUBJECT)
    other.get(back.replace("http://testserver", ""))
    assert who(other) is None


def test_tokens_of_a_login_are_not_kept(olga, provider):
    """Nothing needs them; calendar and Drive have an agreement of their own."""
    browser = Client()
    browser.force_login(olga)
    way(browser, provider, "?process=connect")
    assert not SocialToken.objects.exists()


def test_without_a_client_id_there_is_no_such_login(settings, db):
    """The small installation has none."""
    settings.SOCIALACCOUNT_PROVIDERS = providers("", "", "https://accounts.google.com")
    assert Client().get(LOGIN).status_code == 404
