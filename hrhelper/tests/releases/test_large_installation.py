"""On PostgreSQL with Redis, workers and beat: all of it real, and nothing secret in a log."""

import json

import pytest

from tests.accounts.logging_in import login
from tests.releases.conftest import status_of, wait_until
from tests.releases.large import SERVICES, LargeInstallation, members, new_secrets
from tests.servers.gemini import GeminiServer
from tests.servers.google import GoogleServer
from tests.servers.huntflow import HuntflowServer
from tests.servers.postgresql import postgresql
from tests.servers.redis import redis

ALL_WELL = dict.fromkeys(("database", "migrations", "disk", "cache", "broker"), "ok")
OVER = """
from django.contrib.sessions.models import Session
from django.utils import timezone
over = timezone.now() - timezone.timedelta(days=1)
Session.objects.create(session_key="over", session_data="", expire_date=over)
"""
HAND_OVER = """
from apps.core.background import start
start("apps.core.tasks.scheduled", "clear-sessions")
"""
LOG_IN = """
from django.test import Client
form = {"username": "petr", "password": "another wrong one"}
print(Client().post("/login/", form, headers={"host": "localhost"}).status_code)
"""
SESSION = """
from importlib import import_module
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
user = User.objects.get(username="olga")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@pytest.fixture(scope="module")
def given():
    return new_secrets()


@pytest.fixture(scope="module")
def outside(given):
    """Gemini, Google and Huntflow."""
    gemini, google = GeminiServer(given.gemini_key.replace("@/", "-")), GoogleServer()
    huntflow = HuntflowServer(applicants=70, vacancies=3)
    with gemini.running(), google.running(), huntflow.running():
        yield gemini, google, huntflow


@pytest.fixture(scope="module")
def running(trees, tmp_path_factory, given, outside):
    """All services, started by the script."""
    folder = tmp_path_factory.mktemp("large")
    gemini, google, huntflow = outside
    addresses = {
        "HRHELPER_GEMINI_URL": gemini.url,
        "HRHELPER_GEMINI_TIMEOUT_S": "3",
        "HRHELPER_HUNTFLOW_URL": huntflow.api,
        "HRHELPER_GOOGLE_ACCOUNTS_URL": google.url,
        "HRHELPER_GOOGLE_OAUTH_URL": google.url,
        "HRHELPER_GOOGLE_APIS_URL": google.url,
    }
    with (
        postgresql(given.database) as database,
        redis(folder, given.redis.replace("@/", "-")) as broker,
    ):
        made = LargeInstallation(trees["r2"], folder, given, database, broker, **addresses)
        made.set_up()
        made.start()
        try:
            yield made
        finally:
            made.stop()


def test_health_names_every_part(running):
    """Cache and broker, too, since they are configured; a busy machine may be late once."""
    wait_until(lambda: running.health() == (200, ALL_WELL), "health")


def test_beat_hands_rounds_to_the_worker(running):
    """The example ranges get their currencies, as run_worker does it without a broker."""
    wait_until(
        lambda: (
            running.postgresql.rows(
                "SELECT count(*) FROM finance_salaryrange r WHERE NOT EXISTS"
                " (SELECT 1 FROM finance_salaryamount a WHERE a.salary_range_id = r.id)"
            )
            == [(0,)]
        ),
        "the derivation of all ranges",
    )
    assert running.postgresql.rows("SELECT count(*) > 0 FROM finance_salaryamount") == [(True,)]


def test_worker_does_what_a_request_hands_over(running):
    """Through the broker: the process that starts it does not do it."""
    count = "SELECT count(*) FROM django_session WHERE session_key = 'over'"
    running.release.manage("shell", "-v0", "-c", OVER)
    assert running.postgresql.rows(count) == [(1,)]
    running.release.manage("shell", "-v0", "-c", HAND_OVER)
    wait_until(lambda: running.postgresql.rows(count) == [(0,)], "the task")
    assert "clear-sessions is done" in running.logs()["django.log"]


def test_endpoints_answer_as_on_sqlite(running):
    """Written and read back; a second one of the same name is a conflict of the database."""
    body = {"external_id": "large-1", "name": "Tester", "recruiter": "olga"}
    status, _, made = running.ask("POST", "/api/v1/vacancies/", body)
    assert status == 201
    assert running.ask("GET", f"/api/v1/vacancies/{made['id']}/")[2]["name"] == "Tester"
    assert running.ask("GET", "/api/v1/vacancies/search/?q=TEST")[2]["count"] > 0
    assert running.ask("GET", "/api/v1/finance/salary-ranges/stats/")[0] == 200
    assert running.ask("POST", "/api/v1/vacancies/", body)[0] == 400


def test_gemini_and_google_work_and_fail(running, outside, given):
    """What they are given and answer is what the last test looks for in the logs."""
    gemini, google, _ = outside
    (key,) = gemini.keys
    assert running.ask("PUT", "/api/v1/gemini/key/", {"key": key})[0] == 200
    _, _, vacancies = running.ask("GET", "/api/v1/vacancies/")
    body = {"vacancy": vacancies["results"][0]["id"], "text": given.candidate}
    gemini.failures = [429, "stall", "cut", "malformed", "other-form"]
    statuses = [running.ask("POST", "/api/v1/gemini/analyze/", body)[0] for _ in range(6)]
    assert statuses == [429, 504, 502, 502, 502, 201]
    browser = browser_of(running)
    begun = running.ask("POST", "/api/v1/google/connect/", headers=browser)[2]
    back = google.consent(begun["authorization_url"])
    path = back.partition(f"127.0.0.1:{running.port}")[2]
    assert running.ask("GET", path, headers=browser)[0] == 302
    google.files = [{"id": "f", "name": given.candidate, "parents": ["folder-1"]}]
    folder = "/api/v1/google/folders/folder-1/"
    assert running.ask("GET", folder)[0] == 200
    google.expire()
    google.refresh_failures = [503]
    google.failures = [403]
    assert [running.ask("GET", folder)[0] for _ in range(3)] == [502, 403, 200]


def test_worker_reads_huntflow(running, outside):
    """Asked for by a request, done by a round of the worker; the first token is over."""
    huntflow = outside[2]
    running.connect_huntflow(huntflow)
    huntflow.expired = True
    huntflow.faults.append(500)
    status, _, job = running.ask("POST", "/api/v1/huntflow/sync/", {})
    assert status == 202
    address = f"/api/v1/huntflow/sync/{job['id']}/"
    wait_until(lambda: running.ask("GET", address)[2]["state"] == "done", "the sync")
    assert running.postgresql.rows("SELECT count(*) FROM huntflow_applicant") == [(70,)]
    assert len(huntflow.renewals) == 1


def browser_of(running):
    """Headers of a browser that is logged in."""
    key = running.release.manage("shell", "-v0", "-c", SESSION).strip()
    token = "c" * 32
    return {"Cookie": f"sessionid={key}; csrftoken={token}", "X-CSRFToken": token}


def test_failed_logins_are_counted_for_all_processes(running, given):
    """In Redis: another process than the web's own stops them, too."""
    said = [login(running.url, "petr", given.password) for _ in range(6)]
    assert [status for status, _ in said] == [200] * 5 + [429]
    assert 0 < int(said[-1][1]["Retry-After"]) <= 300
    assert running.release.manage("shell", "-v0", "-c", LOG_IN).split() == ["429"]


def test_redis_that_is_away_is_503_until_it_is_back(running, given):
    """Named; and what was handed over meanwhile is not lost silently."""
    running.redis.stop()
    away = ALL_WELL | dict.fromkeys(("cache", "broker"), "ConnectionError")
    wait_until(lambda: running.health() == (503, away), "the end of health")
    assert login(running.url, "olga", given.password)[0] == 503
    running.redis.start()
    wait_until(lambda: running.health() == (200, ALL_WELL), "health")


def test_worker_comes_back_to_a_broker_that_was_away(running):
    """Nobody has to restart it."""
    running.release.manage("shell", "-v0", "-c", OVER)
    running.release.manage("shell", "-v0", "-c", HAND_OVER)
    count = "SELECT count(*) FROM django_session WHERE session_key = 'over'"
    wait_until(lambda: running.postgresql.rows(count) == [(0,)], "the task")


def test_database_that_is_away_is_503_until_it_is_back(running):
    """The process lives meanwhile; connections from before are not used again."""
    running.postgresql.stop()
    status, parts = running.health()
    assert status == 503
    assert (parts["database"], parts["migrations"]) == ("OperationalError", "unknown")
    assert status_of(running.port, "/readyz") == 503
    assert status_of(running.port, "/livez") == 200
    assert running.ask("GET", "/api/v1/finance/grades/")[0] == 500
    running.postgresql.start()
    wait_until(lambda: running.health() == (200, ALL_WELL), "health")
    assert running.ask("GET", "/api/v1/finance/grades/")[0] == 200


def test_nothing_secret_is_in_a_log(running, given, outside):
    """After all that the tests before had it do, its failures included."""
    logs = running.logs()
    assert {"django.log", "web.log", "worker.log", "scheduler.log", "log"} <= set(logs)
    assert "Traceback" in logs["django.log"]
    (token,) = running.headers.values()
    gemini, google, _ = outside
    secrets = {
        *given.all,
        given.canary.replace("@/", "-"),
        token.removeprefix("Token "),
        *gemini.keys,
        "access-canary",
        "refresh-canary",
        "body-canary",
        "candidate-canary",
    }
    found = [(name, one) for name, text in logs.items() for one in secrets if one in text]
    assert found == []
    said = json.dumps([running.health(), running.ask("GET", "/api/v1/gemini/key/")[2]])
    assert not any(one in said for one in secrets)


def test_stop_ends_workers_and_beat(running):
    """With the processes that they started."""
    groups = [running.pid(name) for name in SERVICES]
    assert all(members(group) for group in groups)
    running.stop()
    assert [members(group) for group in groups] == [[], [], []]
