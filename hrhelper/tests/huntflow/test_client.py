"""The client against a Huntflow that expires, limits, stalls and hangs up."""

from types import SimpleNamespace

import pytest

from apps.accounts import credentials
from apps.huntflow.models import SharedAccess
from logic.huntflow import api, errors
from logic.huntflow.client import HuntflowClient, Limits
from logic.huntflow.pace import Pace
from logic.huntflow.tokens import TokenPair, Tokens
from tests.servers.huntflow_rows import ACCOUNT


@pytest.fixture
def client(connected):
    with api.connect() as opened:
        yield opened


def test_expired_token_is_renewed_and_the_request_made_again(connected, client):
    """And the new pair is what everybody uses from then on."""
    connected.expired = True
    assert api.me(client)["name"] == "Olga"
    assert [one.path for one in connected.seen] == ["/v2/me", "/v2/token/refresh", "/v2/me"]
    assert Tokens("huntflow").current() == TokenPair(connected.access, connected.refresh)
    assert api.me(client)["name"] == "Olga"
    assert len(connected.renewals) == 1


def test_refused_renewal_asks_for_a_new_connection_and_is_not_repeated(connected, client):
    """A dead refresh token stays dead: asking again and again would only look like an attack."""
    connected.expired, connected.may_renew = True, False
    for _ in range(2):
        with pytest.raises(errors.HuntflowAuthorizationError, match="connect it anew"):
            api.me(client)
    assert [one.path for one in connected.seen].count("/v2/token/refresh") == 1
    connected.may_renew = True
    Tokens("huntflow").connect(TokenPair(connected.access, "refresh-canary-new"))
    connected.refresh = "refresh-canary-new"
    assert api.me(client)["name"] == "Olga"


def test_renewer_that_was_killed_does_not_block_the_others(connected, client):
    """Its time runs out; one that still works is waited for, but not for ever."""
    api.me(client)
    row = SharedAccess.objects.get()
    row.renewer, connected.expired = "somebody", True
    row.renewer_until = row.next_request_at.replace(year=2999)
    row.save()
    with pytest.raises(errors.HuntflowUnreachableError):
        Tokens("huntflow", patience_s=0.1).renew(Tokens("huntflow").current(), None)
    row.renewer_until = row.next_request_at.replace(year=2000)
    row.save()
    assert api.me(client)["name"] == "Olga"


def test_unknown_token_is_no_reason_to_renew(connected, client):
    """A 401 without `token_expired` is for a human."""
    connected.access = "another"
    with pytest.raises(errors.HuntflowAuthorizationError):
        api.me(client)
    assert connected.renewals == []


def test_token_that_was_replaced_meanwhile_is_no_failure(connected):
    """Its request was under way when somebody else renewed: the new token is simply taken."""
    pairs = iter([TokenPair("replaced", "x"), TokenPair(connected.access, "y")])
    tokens = SimpleNamespace(current=lambda: next(pairs))
    pace = Pace("huntflow", per_second=1000)
    with HuntflowClient(connected.api, tokens, pace, Limits()) as client:
        assert api.me(client)["name"] == "Olga"
    assert [one.status for one in connected.seen] == [401, 200]


def test_nothing_connected_is_told_before_any_request(huntflow, db):
    """Without a token there is nothing to ask with."""
    with api.connect() as client, pytest.raises(credentials.MissingCredentialError):
        api.me(client)
    assert huntflow.seen == []


@pytest.mark.parametrize("fault", ["stall", "cut", 500, 503])
def test_reading_is_repeated_after(connected, impatient, client, fault):
    """A stall, an answer cut off, an error of Huntflow's own."""
    connected.faults.extend([fault, None])
    assert api.me(client)["name"] == "Olga"
    assert len(connected.seen) == 2


def test_stall_of_seven_seconds_is_waited_for(connected, settings):
    """With the limits of production: nothing is given up, and nothing is made twice."""
    settings.HUNTFLOW_TIMEOUT_S = Limits().timeout_s
    connected.stall_s = 7
    connected.faults.append("late")
    with api.connect() as client:
        api.change_status(client, ACCOUNT, 1, api.StatusChange(2, 3))
    assert len(connected.seen) == 1
    assert connected.applicants[1]["links"][0]["status"] == 3


def test_answer_that_never_ends_is_given_up(connected):
    """Each byte comes in time, and the whole never does: a wait for a byte bounds nothing."""
    limits = Limits(timeout_s=60, answer_s=2, attempts=1)
    connected.faults.append("drip")
    pace = Pace("huntflow", per_second=1000)
    with HuntflowClient(connected.api, Tokens("huntflow"), pace, limits) as client:
        with pytest.raises(errors.HuntflowUnreachableError):
            api.me(client)
        assert api.me(client)["name"] == "Olga"


@pytest.mark.parametrize("fault", ["stall", "cut", 500])
def test_status_change_of_unknown_fate_is_not_repeated(connected, impatient, client, fault):
    """It may have been carried out, and its comment must not stand there twice."""
    connected.faults.append(fault)
    with pytest.raises(errors.HuntflowUnreachableError):
        api.change_status(client, ACCOUNT, 1, api.StatusChange(2, 3))
    assert len(connected.seen) == 1


def test_replacing_tags_is_repeated_although_it_is_a_post(connected, client):
    """The list is the same afterwards, once or twice."""
    connected.faults.append("cut")
    assert api.replace_tags(client, ACCOUNT, 1, [2]) == [2]
    assert [one["tag"] for one in connected.applicants[1]["tags"]] == [2]
    assert len(connected.seen) == 2


def test_reading_is_given_up_after_some_attempts(connected, client):
    """A Huntflow that is down is told of, and not asked for ever."""
    connected.faults.extend([500] * 4)
    with pytest.raises(errors.HuntflowUnreachableError):
        api.me(client)
    assert len(connected.seen) == 4


def test_host_that_nobody_is_at_is_unreachable(connected, settings):
    """And its name is not in the message."""
    settings.HUNTFLOW_URL = "http://127.0.0.1:1/v2"
    with api.connect() as client, pytest.raises(errors.HuntflowUnreachableError) as caught:
        api.me(client)
    assert "127.0.0.1" not in caught.value.message


def test_pause_that_huntflow_asks_for_is_kept_also_for_a_put(connected, client):
    """A 429 was not carried out, so anything may be repeated after it, and nothing before."""
    connected.faults.append(429)
    api.change_status(client, ACCOUNT, 1, api.StatusChange(2, 3))
    first, second = connected.seen
    assert second.at - first.at >= 1.0
    assert connected.applicants[1]["links"][0]["status"] == 3


def test_redirect_is_not_followed(connected, client):
    """It would carry the token to whatever host it names."""
    connected.faults.append(302)
    with pytest.raises(errors.HuntflowRefusedError):
        api.me(client)
    assert len(connected.seen) == 1


def test_search_goes_on_by_its_cursor_to_the_end(connected, client):
    """Each applicant once."""
    found, cursor = [], None
    while not found or cursor:
        page = api.search(client, ACCOUNT, "canary", cursor)
        found += [one["id"] for one in page.items]
        cursor = page.cursor
    assert found == list(range(1, 66))
