"""Chats: each person's own, with what the answers cost."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from apps.gemini import chat, connection
from apps.gemini.models import ChatSession

SESSIONS = "/api/v1/gemini/sessions/"


@pytest.fixture
def messages(api):
    made = api.post(SESSIONS, {"title": "Testers"})
    assert made.status_code == 201
    return f"{SESSIONS}{made.json()['id']}/messages/"


def test_answer_is_kept_with_tokens_and_time(api, connected, messages):
    """Question and answer, in their order."""
    answer = api.post(messages, {"text": "Who tests?"}).json()
    assert (answer["role"], answer["text"]) == ("model", "You said: Who tests?")
    assert answer["tokens_used"] == 10
    assert answer["response_ms"] >= 0
    kept = api.get(messages).json()["results"]
    assert [(one["number"], one["role"]) for one in kept] == [(1, "user"), (2, "model")]
    assert kept[1] == answer


def test_gemini_is_told_what_was_said_before(api, connected, messages):
    """A chat without memory is none."""
    for text in ("one", "two"):
        assert api.post(messages, {"text": text}).status_code == 201
    told = [(one["role"], one["parts"][0]["text"]) for one in connected.asked[1][2]["contents"]]
    assert told == [("user", "one"), ("model", "You said: one"), ("user", "two")]


def test_of_a_long_chat_the_end_is_told(api, connected, messages, monkeypatch):
    """A question must not grow without an end."""
    monkeypatch.setattr(chat, "MOST_TURNS_TOLD", 2)
    for text in ("one", "two", "three"):
        api.post(messages, {"text": text})
    told = [one["parts"][0]["text"] for one in connected.asked[2][2]["contents"]]
    assert told == ["two", "You said: two", "three"]


def test_of_two_questions_at_once_one_is_a_conflict(api, connected, user, monkeypatch):
    """The second was asked without knowing of the first."""
    session = ChatSession.objects.create(user=user, title="x")
    really_ask = connection.ask

    def ask_and_be_overtaken(turns):
        monkeypatch.setattr(connection, "ask", really_ask)
        chat.ask(session, "the other one")
        return really_ask(turns)

    monkeypatch.setattr(connection, "ask", ask_and_be_overtaken)
    answer = api.post(f"{SESSIONS}{session.id}/messages/", {"text": "mine"})
    assert answer.status_code == 409
    assert list(session.messages.values_list("text", flat=True)) == [
        "the other one",
        "You said: the other one",
    ]


def test_number_is_taken_once(db, user):
    """The database says so, whoever asks."""
    session = ChatSession.objects.create(user=user, title="x")
    session.messages.create(number=1, role="user", text="x")
    with pytest.raises(IntegrityError):
        session.messages.create(number=1, role="user", text="y")


def test_chat_of_somebody_else_is_not_there(api, connected):
    """Not even for an administrator: 404 says nothing of what others do."""
    session = ChatSession.objects.create(user=User.objects.create(username="other"), title="x")
    address = f"{SESSIONS}{session.id}/"
    assert api.get(SESSIONS).json()["count"] == 0
    for answer in (
        api.get(address),
        api.delete(address),
        api.patch(address, {"title": "mine"}),
        api.get(f"{address}messages/"),
        api.post(f"{address}messages/", {"text": "x"}),
    ):
        assert answer.status_code == 404
    assert connected.asked == []


def test_chat_is_renamed_and_deleted_with_its_messages(api, connected, messages):
    """Nothing of it stays."""
    api.post(messages, {"text": "x"})
    address = messages.removesuffix("messages/")
    assert api.patch(address, {"title": "Other"}).json()["title"] == "Other"
    assert api.delete(address).status_code == 204
    assert not ChatSession.objects.exists()
