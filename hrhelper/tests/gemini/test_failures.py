"""Whatever Gemini does, nothing passes for a success that was none, and nothing is kept."""

import logging

import pytest

from apps.gemini.models import Analysis, ChatMessage, ChatSession

ANALYZE = "/api/v1/gemini/analyze/"
FAILURES = [
    (401, 401, "gemini_refused"),
    (403, 403, "gemini_refused"),
    (429, 429, "gemini_refused"),
    (400, 502, "gemini_refused"),
    (500, 502, "gemini_refused"),
    ("stall", 504, "gemini_timeout"),
    ("cut", 502, "gemini_unreachable"),
    ("malformed", 502, "gemini_unusable_answer"),
    ("truncated", 502, "gemini_unusable_answer"),
    ("blocked", 502, "gemini_unusable_answer"),
]


@pytest.fixture
def impatient(settings):
    settings.GEMINI_TIMEOUT_S = 2  # what does not stall answers within it on a busy machine, too


@pytest.mark.parametrize(
    ("failure", "status", "code"), [*FAILURES, ("other-form", 502, "gemini_unusable_answer")]
)
def test_failed_analysis_is_told_as_such(
    api, connected, world, impatient, caplog, failure, status, code
):
    """Its status is Gemini's own where a caller can do something about it."""
    caplog.set_level(logging.INFO)
    connected.failures = [failure]
    answer = api.post(ANALYZE, {"vacancy": world.vacancy.id, "text": "candidate-canary"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not Analysis.objects.exists()
    assert len(connected.asked) == 1
    assert "candidate-canary" not in caplog.text + answer.content.decode()


@pytest.mark.parametrize(("failure", "status", "code"), FAILURES)
def test_question_without_an_answer_is_not_kept(
    api, user, connected, impatient, failure, status, code
):
    """Asked again, it must not be in the chat twice."""
    session = ChatSession.objects.create(user=user, title="x")
    connected.failures = [failure]
    address = f"/api/v1/gemini/sessions/{session.id}/messages/"
    answer = api.post(address, {"text": "Who?"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not ChatMessage.objects.exists()
    assert api.post(address, {"text": "Who?"}).status_code == 201


def test_limit_says_when_to_come_again(api, connected, world):
    """Retry-After reaches whoever has to wait."""
    connected.failures = [429]
    answer = api.post(ANALYZE, {"vacancy": world.vacancy.id, "text": "x"})
    assert answer["Retry-After"] == "7"


def test_gemini_that_is_not_there_is_502(api, connected, world, settings):
    """The port answers nobody."""
    settings.GEMINI_URL = "http://127.0.0.1:1"
    answer = api.post(ANALYZE, {"vacancy": world.vacancy.id, "text": "x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "gemini_unreachable")


def test_without_a_key_it_is_422_and_nobody_is_asked(api, gemini, world):
    """The cure is ours."""
    answer = api.post(ANALYZE, {"vacancy": world.vacancy.id, "text": "x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "missing_credential")
    assert gemini.asked == []
