"""Webhooks: signed ones are believed, once, and say only what to read anew."""

import json
import logging

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from apps.accounts import credentials
from apps.huntflow import remote
from apps.huntflow.background import background_work
from apps.huntflow.models import Applicant, Vacancy, WebhookDelivery
from logic.huntflow import mirror
from logic.huntflow.deliveries import MOST_FAILURES
from logic.huntflow.webhooks import MalformedEventError, event_of, is_signed
from tests.huntflow.conftest import SECRET

ROW = "Key (email)=(canary@example.org) already exists"
WEBHOOKS = "/api/v1/huntflow/webhooks/"


def deliver(client, delivery):
    body, headers = delivery
    return client.post(WEBHOOKS, body, content_type="application/json", headers=headers)


def of_applicant(server, number, **meta):
    return server.signed(SECRET, {"applicant": {"id": number}}, **meta)


@pytest.fixture
def mirrored(connected):
    call_command("sync_huntflow")
    connected.seen.clear()
    return connected


def test_signature_is_that_of_the_description():
    """The vector of RFC 4231, test case 2; in any case of letters."""
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert is_signed(b"what do ya want for nothing?", digest, "Jefe")
    assert is_signed(b"what do ya want for nothing?", digest.upper(), "Jefe")
    for wrong in ("", "é", digest[:-1], digest[:-1] + "4"):
        assert not is_signed(b"what do ya want for nothing?", wrong, "Jefe")


def test_changed_applicant_is_read_anew(anonymous, mirrored):
    """From Huntflow itself, in the background; the webhook's body is not trusted with data."""
    mirrored.applicants[5]["email"] = "new@example.org"
    answer = deliver(anonymous, of_applicant(mirrored, 5))
    assert (answer.status_code, mirrored.seen) == (204, [])
    assert background_work() == 1
    assert Applicant.objects.get(external_id=5).email == "new@example.org"
    assert mirrored.paths() == ["/accounts/7/applicants/5"]
    assert background_work() == 0


def test_repeated_delivery_is_answered_and_not_done_again(anonymous, mirrored):
    """Huntflow repeats what it got no answer to; its count of retries is in the body."""
    for retry in range(3):
        assert deliver(anonymous, of_applicant(mirrored, 5, retry=retry)).status_code == 204
        background_work()
    assert len(mirrored.seen) == WebhookDelivery.objects.count() == 1
    deliver(anonymous, of_applicant(mirrored, 5, event_id="2"))
    background_work()
    assert len(mirrored.seen) == 2


@pytest.mark.parametrize("how", ["changed body", "another secret", "no signature", "no secret"])
def test_forged_delivery_is_401_and_leaves_nothing(anonymous, mirrored, how):
    """Nobody but Huntflow can make us ask Huntflow."""
    body, headers = of_applicant(mirrored, 5)
    if how == "changed body":
        body = body.replace(b'"id": 5', b'"id": 6')
    if how == "another secret":
        _, headers = mirrored.signed("another", {"applicant": {"id": 5}})
    if how == "no signature":
        del headers["X-Huntflow-Signature"]
    if how == "no secret":
        credentials.forget(remote.WEBHOOK_SECRET)
    answer = deliver(anonymous, (body, headers))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "authentication_failed")
    assert not WebhookDelivery.objects.exists()


def test_ping_is_answered_and_not_kept(anonymous, connected):
    """Huntflow tries an address before it takes it; a forged ping is still refused."""
    ping = connected.signed(SECRET, {}, event_type="PING")
    assert deliver(anonymous, ping).status_code == 204
    assert deliver(anonymous, (ping[0], ping[1] | {"X-Huntflow-Signature": "0"})).status_code == 401
    assert not WebhookDelivery.objects.exists()


def test_deleted_applicant_becomes_a_tombstone_at_once(anonymous, mirrored):
    """And a new one comes in; a vacancy likewise."""
    del mirrored.applicants[5], mirrored.vacancies[1]
    mirrored.applicants[99] = mirrored.applicants[6] | {"id": 99}
    deliver(anonymous, of_applicant(mirrored, 5, webhook_action="DELETE"))
    deliver(anonymous, of_applicant(mirrored, 99, event_id="2", webhook_action="ADD"))
    vacancy = mirrored.signed(SECRET, {"vacancy": {"id": 1}}, event_type="VACANCY")
    deliver(anonymous, vacancy)
    assert background_work() == 3
    assert Applicant.objects.get(external_id=5).removed_at is not None
    assert Applicant.objects.get(external_id=99).last_name == "Candidate-canary-6"
    assert Vacancy.objects.get(external_id=1).removed_at is not None


def test_event_waits_while_huntflow_is_away(anonymous, mirrored):
    """It is tried later; one that never works is left to the next sync."""
    deliver(anonymous, of_applicant(mirrored, 5))
    mirrored.faults.extend([500] * 4)
    assert background_work() == 0
    event = WebhookDelivery.objects.get()
    assert (event.failures, event.done_at) == (1, None)
    assert event.try_again_at is not None
    assert background_work() == 0
    WebhookDelivery.objects.update(try_again_at=None, failures=MOST_FAILURES - 1)
    mirrored.faults.extend([500] * 4)
    background_work()
    assert WebhookDelivery.objects.get().done_at is not None


def test_event_that_breaks_is_logged_without_its_message(anonymous, mirrored, monkeypatch, caplog):
    """And holds up none of the others."""

    def broken(*_):
        raise DatabaseError(ROW)

    deliver(anonymous, of_applicant(mirrored, 5))
    deliver(anonymous, mirrored.signed(SECRET, {"vacancy": {"id": 1}}, event_type="VACANCY"))
    monkeypatch.setattr(mirror, "put_applicants", broken)
    with caplog.at_level(logging.INFO):
        assert background_work() == 1
    assert "DatabaseError" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("event_type", ["OFFER", "RESPONSE", "SOMETHING-NEW"])
def test_event_that_the_mirror_does_not_know_is_taken_and_done(anonymous, mirrored, event_type):
    """Huntflow must not be told that its delivery failed."""
    assert deliver(anonymous, mirrored.signed(SECRET, {}, event_type=event_type)).status_code == 204
    assert background_work() == 1
    assert mirrored.seen == []


def test_event_of_an_unknown_account_is_left_to_the_next_sync(anonymous, mirrored):
    """Its applicants would hang in the air."""
    other = {"id": 8, "name": "x", "nick": "x"}
    deliver(anonymous, of_applicant(mirrored, 5, account=other))
    assert background_work() == 1
    assert mirrored.seen == []


GOOD = {"event_type": "APPLICANT", "event_id": "1", "account": {"id": 7}}
MALFORMED = [
    b"",
    b"[]",
    b"no JSON",
    b"\xff",
    json.dumps({"meta": GOOD}).encode(),
    json.dumps({"meta": GOOD, "event": {"applicant": {"id": "x"}}}).encode(),
    json.dumps({"meta": GOOD | {"event_id": "x" * 41}, "event": {"applicant": {"id": 1}}}).encode(),
    json.dumps({"meta": GOOD | {"account": {"id": 2**63}}, "event": {}}).encode(),
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", MALFORMED)
def test_signed_nonsense_is_refused_as_such(body):
    """And does not become a row."""
    with pytest.raises(MalformedEventError):
        event_of(body)


def test_signed_nonsense_is_422(anonymous, connected):
    """In the envelope of errors, as everything else."""
    answer = deliver(anonymous, connected.signed(SECRET, {}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed_event")
