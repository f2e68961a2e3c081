"""What follows from an answer, and what may be repeated. Tables; no network."""

from datetime import UTC, datetime

import pytest

from logic.huntflow import errors
from logic.huntflow.client import seconds_of
from logic.huntflow.exchange import Answer, Call, content_of, pause_before_repeating
from logic.huntflow.position import Position, after

SAFE, ONCE = Call("GET", "/me"), Call("PUT", "/x", repeatable=False)
EXPIRED = b'{"errors": [{"type": "authorization_error", "detail": "token_expired"}]}'


@pytest.mark.parametrize(
    ("call", "answer", "pause"),
    [
        (SAFE, Answer(200), None),
        (SAFE, Answer(404), None),
        (SAFE, Answer(401), None),
        (SAFE, Answer(500), 0.2),
        (SAFE, Answer(None), 0.2),
        (ONCE, Answer(500), None),
        (ONCE, Answer(None), None),
        (ONCE, Answer(None, sent=False), 0.2),
        (ONCE, Answer(429), 0.2),
        (ONCE, Answer(429, retry_after_s=7.0), 7.0),
        (SAFE, Answer(429, retry_after_s=0.0), 0.0),
    ],
)
def test_only_what_is_safe_is_repeated(call, answer, pause):
    """A call whose fate is unknown may have been carried out."""
    assert pause_before_repeating(call, answer, 1) == pause


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(None), errors.HuntflowUnreachableError),
        (Answer(503), errors.HuntflowUnreachableError),
        (Answer(429), errors.HuntflowBusyError),
        (Answer(401), errors.HuntflowAuthorizationError),
        (Answer(404), errors.HuntflowRefusedError),
        (Answer(302), errors.HuntflowRefusedError),
        (Answer(200, b"<html>"), errors.UnexpectedAnswerError),
    ],
)
def test_each_failure_has_its_name(answer, kind):
    """By the status, never by a text."""
    with pytest.raises(kind):
        content_of(SAFE, answer)


@pytest.mark.parametrize(
    ("answer", "expired"),
    [
        (Answer(401, EXPIRED), True),
        (Answer(403, EXPIRED), False),
        (Answer(401, EXPIRED.replace(b"token_expired", b"token_invalid")), False),
        (Answer(401, b"no JSON"), False),
        (Answer(401, b"[]"), False),
        (Answer(401, b'{"errors": [1]}'), False),
    ],
)
def test_expiry_is_known_by_type_and_detail(answer, expired):
    """Any other 401 is not mended by a refresh."""
    assert answer.says_token_expired is expired


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("Mon, 05 Jan 2026 11:00:30 GMT", 30.0),
        ("Mon, 05 Jan 2026 10:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(text, seconds):
    """Both forms of HTTP; nonsense counts as not said."""
    assert seconds_of(text, lambda: datetime(2026, 1, 5, 11, tzinfo=UTC)) == seconds


def test_records_show_neither_query_nor_body():
    """A traceback prints records."""
    call = Call("GET", "/x", {"q": "canary"}, {"comment": "canary"})
    assert "canary" not in f"{call!r} {Answer(200, b'canary')!r}"


def test_stages_follow_for_each_account_in_turn():
    """An account that came meanwhile, before the present one, waits for the next sync."""
    position, walked = Position(), []
    while position := after(position, [9, 4]):
        walked.append((position.account, position.stage))
    assert walked[:2] == [(4, "statuses"), (4, "vacancies")]
    assert [account for account, _ in walked] == [4] * 5 + [9] * 5
    assert after(Position(), []) is None
