"""Failed logins are limited: for a name, and from an address, by whichever form they come."""

from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth.models import User
from django.test import Client
from redis.exceptions import ConnectionError as RedisAwayError
from rest_framework.test import APIClient

from apps.accounts import attempts
from tests.accounts.logging_in import login, status_of
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
PASSWORD, WRONG = "a long enough one", "a wrong one"
FORMS = ("/login/", "/admin/login/")
OF_A_NAME, OF_AN_ADDRESS, OF_TOKENS = 5, 20, 60


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Hundreds of passwords are tried here, and how they are kept is not what is tested."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def olga(db):
    return User.objects.create_superuser("olga", password=PASSWORD)


@pytest.fixture
def clock(monkeypatch):
    """What counts the attempts sees this time."""
    shown = SimpleNamespace(now=1_000_000.0)
    of_library = SimpleNamespace(
        time=lambda: shown.now, monotonic=ratelimit.time.monotonic, sleep=ratelimit.time.sleep
    )
    monkeypatch.setattr(ratelimit, "time", of_library)
    monkeypatch.setattr(attempts, "time", of_library)
    return shown


def attempt(name, password=WRONG, path="/login/", **more):
    """A browser that has not been here before."""
    return Client(**more).post(path, {"username": name, "password": password})


@pytest.mark.parametrize("path", FORMS)
def test_guesses_at_one_name_are_ended(olga, path):
    """From however many addresses; then not even the right password opens, nor its case."""
    for number in range(OF_A_NAME):
        assert attempt("olga", path=path, REMOTE_ADDR=f"10.0.0.{number}").status_code == 200
    for name, password in (("olga", WRONG), ("OLGA", WRONG), ("olga", PASSWORD)):
        answer = attempt(name, password, path, REMOTE_ADDR="10.0.0.99")
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 300
    assert attempt("petr", path=path).status_code == 200


def test_forms_count_together(olga):
    """Whoever is stopped at one door does not go on at the next."""
    for number in range(OF_A_NAME):
        attempt("olga", path=FORMS[number % 2])
    assert [attempt("olga", path=path).status_code for path in FORMS] == [429, 429]


def test_guesses_from_one_address_are_ended(olga):
    """One password at many names; another address is not hindered."""
    for number in range(OF_AN_ADDRESS):
        assert attempt(f"name {number}").status_code == 200
    assert attempt("olga", PASSWORD).status_code == 429
    assert attempt("olga", PASSWORD, REMOTE_ADDR="10.0.0.1").status_code == 302


def test_successes_do_not_count_and_wipe_nothing_out(olga):
    """Somebody with an account of their own must not get more guesses by it."""
    for _ in range(OF_AN_ADDRESS + 1):
        assert attempt("olga", PASSWORD).status_code == 302
    for _ in range(OF_A_NAME - 1):
        attempt("olga")
    assert attempt("olga", PASSWORD).status_code == 302
    assert attempt("olga").status_code == 200
    assert attempt("olga").status_code == 429


def test_who_waited_as_told_may_try_again(olga, clock):
    """A second earlier not yet; what is refused does not make it longer."""
    for _ in range(OF_A_NAME):
        attempt("olga")
        clock.now += 10
    wait_s = int(attempt("olga", PASSWORD)["Retry-After"])
    assert wait_s == 300 - 10 * OF_A_NAME
    clock.now += wait_s - 1
    assert attempt("olga", PASSWORD).status_code == 429
    clock.now += 1
    assert attempt("olga", PASSWORD).status_code == 302


def test_it_is_told_in_words(olga):
    """With the time, in the visitor's language."""
    for _ in range(OF_A_NAME):
        attempt("olga")
    for language, words in (("ru", "Попробуйте снова через 5 минут."), ("en", "in 5 minutes.")):
        page = attempt("olga", headers={"accept-language": language})
        assert words in text_of(page, 429)


def test_address_of_a_visitor_is_the_one_that_our_proxy_names(olga, settings):
    """What the visitor writes before it is not believed; without proxies, nothing is."""
    for proxies, told, stopped in (
        (0, "10.1.0.{}", True), (1, "10.2.0.{}", False), (1, "10.3.0.{}, 10.4.0.1", True),
    ):  # fmt: skip
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        for number in range(OF_AN_ADDRESS + 1):
            headers = {"x-forwarded-for": told.format(number)}
            answer = attempt(f"{told} {number}", headers=headers)
        assert (answer.status_code == 429) is stopped, told


def test_visitors_without_an_address_log_in(olga):
    """Behind a socket file gunicorn knows none."""
    assert attempt("olga", PASSWORD, REMOTE_ADDR="").status_code == 302


def test_cache_that_is_away_is_503_and_lets_nobody_guess(olga, settings, monkeypatch):
    """What cannot be counted would be without a limit."""

    def away(*_, **__):
        raise RedisAwayError

    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(ratelimit.cache, "add", away)
    for path in FORMS:
        assert attempt("olga", PASSWORD, path).status_code == 503
    settings.CACHE_URL = ""
    with pytest.raises(RedisAwayError):
        attempt("olga", PASSWORD)


def test_wrong_tokens_are_limited_and_right_ones_are_not(token, live_server):
    """Over HTTP, in the envelope; Parom's checks and load come with a right one."""
    statuses = [status_of(live_server.url, "Token wrong")[0] for _ in range(OF_TOKENS + 1)]
    assert statuses == [401] * OF_TOKENS + [429]
    status, headers, said = status_of(live_server.url, "Token wrong")
    assert (status, said["error"]["code"]) == (429, "throttled")
    assert 0 < int(headers["Retry-After"]) <= 60
    right = [status_of(live_server.url, f"Token {token}")[0] for _ in range(OF_TOKENS + 10)]
    assert set(right) == {200}
    assert status_of(live_server.url, None)[0] == 401


def test_wrong_token_stays_401_where_nothing_can_be_counted(settings, monkeypatch):
    """It opens nothing, and guessing it is hopeless."""

    def away(*_, **__):
        raise RedisAwayError

    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(ratelimit.cache, "add", away)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token wrong")
    assert client.get("/api/v1/finance/grades/").status_code == 401


def test_login_over_http_is_limited(olga, live_server):
    """By a real server, to which each guess comes with a connection of its own."""
    said = [login(live_server.url, "olga", WRONG) for _ in range(OF_A_NAME + 1)]
    assert [status for status, _ in said] == [200] * OF_A_NAME + [429]
    assert 0 < int(said[-1][1]["Retry-After"]) <= 300
