"""The functional checks find what is broken, and leave nothing behind: neither here nor there."""

import pytest
from django.apps import apps
from django.conf import settings

from apps.gemini import connection
from apps.huntflow import remote
from apps.vacancies.views import VacancyViewSet
from tests.checks.running import run_checks
from tests.gemini.conftest import KEY, gemini  # noqa: F401 - fixtures
from tests.google_oauth.conftest import agree, browser, google  # noqa: F401
from tests.huntflow.conftest import contract, huntflow  # noqa: F401

CHECKS = settings.BASE_DIR / "checks"
SERVICES = ("huntflow", "gemini", "google")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def headers(token, tmp_path):
    file = tmp_path / "headers"
    file.write_text(f"Authorization: Token {token}\n", "ascii")
    file.chmod(0o600)
    return file


@pytest.fixture
def release(world, live_server, headers):
    """A running application: run its checks; the exit status and what was written."""
    return lambda: run_checks(CHECKS, live_server.url, headers)


def rows():
    """Of each table, those between two models included."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: model.objects.count() for model in models}


def test_checks_pass_and_leave_every_table_as_it_was(release):
    """On an installation which is connected with nothing: that is said, and is no skip."""
    before = rows()
    status, told = release()
    assert status == 0, told
    assert rows() == before
    assert "skipped" not in told
    for name in SERVICES:
        assert f"missing: {name} is not connected" in told


def test_connected_services_are_tried_and_left_as_they_were(
    release,
    huntflow,  # noqa: F811
    gemini,  # noqa: F811
    google,  # noqa: F811
    browser,  # noqa: F811
):
    """For real, over HTTP; the calendar is empty afterwards, and nothing was changed there."""
    remote.keep_tokens(huntflow.access, huntflow.refresh)
    remote.try_connection()  # whoever asks first makes the row that all processes share
    connection.store_key(KEY)
    agree(browser, google)
    google.files.append({"id": "f1", "name": "CV", "parents": ["root"]})
    before = rows()
    status, told = release()
    assert status == 0, told
    assert "missing" not in told
    assert rows() == before
    assert {seen.method for seen in huntflow.seen} == {"GET"}
    assert [question for _, _, question in gemini.asked if question] == []  # no tokens are spent
    assert len(gemini.asked) > 0
    assert {one["status"] for one in google.events.values()} == {"cancelled"}


def test_checks_fail_where_something_is_broken(release, monkeypatch):
    """And clean up all the same."""
    before = rows()

    def broken(self, request, pk=None):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(VacancyViewSet, "toggle_active", broken)
    status, told = release()
    assert status == 1
    assert "test_vacancy_can_be_created_and_updated FAILED" in told
    assert rows() == before


def test_checks_fail_without_a_login(live_server, tmp_path):
    """Then nothing is known of the release, and nothing is left out."""
    file = tmp_path / "headers"
    file.write_text("Authorization: Token wrong\n", "ascii")
    status, told = run_checks(CHECKS, live_server.url, file)
    assert status == 1
    assert "missing" not in told
    for name in SERVICES:
        assert f"{name}" in told
    assert "test_huntflow_itself_answers FAILED" in told
