"""The log survives rotation and keeps no secrets."""

import logging
from pathlib import Path

import pytest
from django.conf import settings

from apps.finance.views.grades import GradeViewSet

LOG = Path(settings.LOG_FILE)


def test_rotation_loses_no_line(tmp_path):
    """logrotate renames the file under the running process."""
    log = logging.getLogger("hrhelper.test")
    log.info("before the rotation")
    LOG.rename(tmp_path / "django.log.1")
    log.info("after the rotation")
    assert "before the rotation" in (tmp_path / "django.log.1").read_text("utf-8")
    assert "after the rotation" in LOG.read_text("utf-8")


@pytest.mark.django_db
def test_failure_is_logged_without_the_secrets_around_it(api, token, monkeypatch):
    """The traceback is kept; token, key and what the candidate's form held are not."""

    def broken(self, request):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(GradeViewSet, "create", broken)
    answer = api.post("/api/v1/finance/grades/", {"name": "form-content", "rank": 1})
    assert answer.status_code == 500
    written = LOG.read_text("utf-8")
    assert "RuntimeError: broken on purpose" in written
    for secret in (token, settings.SECRET_KEY, "form-content"):
        assert secret not in written
