"""Neither tokens nor candidates end in a log, whatever happens."""

import logging
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command

from apps.accounts.models import Credential
from apps.huntflow.background import background_work
from apps.huntflow.models import Applicant
from tests.huntflow.conftest import SECRET
from tests.servers.huntflow_rows import ACCOUNT

HUNTFLOW = "/api/v1/huntflow/"
LOG = Path(configured.LOG_FILE)


def everything(api, anonymous, server):
    """Each way in and out, going well and going wrong."""
    call_command("sync_huntflow")
    one = Applicant.objects.get(external_id=1)
    address = f"{HUNTFLOW}applicants/{one.pk}/"
    body = {"vacancy": 2, "status": 3, "comment": "comment-canary"}
    for faults in ([], ["cut"], ["stall"], [500], [400]):
        server.faults.extend(faults)
        api.put(f"{address}status/", body, format="json")
    server.faults.extend([500] * 4)
    api.get(f"{HUNTFLOW}applicants/search/", {"account": ACCOUNT, "q": "Candidate-canary-1"})
    api.get(f"{HUNTFLOW}applicants/search/", {"account": ACCOUNT, "q": "Candidate-canary-1"})
    api.get(f"{HUNTFLOW}applicants/?q=canary")
    delivery = server.signed(SECRET, {"applicant": {"id": 1, "last_name": "webhook-canary"}})
    for headers in (delivery[1], {}):
        anonymous.post(
            f"{HUNTFLOW}webhooks/", delivery[0], content_type="application/json", headers=headers
        )
    background_work()
    server.expired = True
    api.post(f"{HUNTFLOW}test-connection/")
    server.expired, server.may_renew = True, False
    with pytest.raises(CommandError):
        call_command("sync_huntflow")
    api.post(f"{HUNTFLOW}test-connection/")


def test_log_holds_neither_tokens_nor_candidates(api, anonymous, connected, impatient, caplog):
    """The file is what stays; what other loggers may say at DEBUG is looked at, too."""
    already = LOG.stat().st_size
    with caplog.at_level(logging.INFO):
        everything(api, anonymous, connected)
    written = LOG.read_bytes()[already:].decode()
    assert "Huntflow: GET /accounts/7/applicants" in written
    assert "without Huntflow's signature" in written
    for text in (written, caplog.text):
        assert "canary" not in text
        assert "Иван" not in text


def test_credentials_lie_encrypted_and_the_renewed_ones_too(connected):
    """Whoever gets hold of a backup does not get hold of Huntflow."""
    connected.expired = True
    call_command("sync_huntflow")
    stored = list(Credential.objects.values())
    assert len(stored) == 2
    assert "canary" not in str(stored)


@pytest.mark.parametrize("given", ["", "[]", '{"access_token": "access-canary"}', "{canary"])
def test_command_to_connect_does_not_repeat_what_it_was_given(given, db, monkeypatch):
    """A typing error would put the token on a screen."""
    monkeypatch.setattr("sys.stdin.read", lambda size: given, raising=False)
    with pytest.raises(CommandError) as caught:
        call_command("connect_huntflow")
    assert "canary" not in f"{caught.value} {caught.value.__cause__}"
