"""Slack as it is on bad days; everything over a real socket."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from parom.adapters.notifiers import slack as module
from parom.adapters.notifiers.slack import SlackChannel, text_of
from parom.errors.notices import NotDeliveredError
from parom.message import Message, Receipt
from tests.adapters.notifiers.conftest import CANARY, TOKEN, channel, secret
from tests.adapters.notifiers.slack_server import BROKEN, BUSY, Answer, SlackServer, lie
from tests.support.ports import free_port

HELLO = Message("hello", ("world",))


def refused(place: SlackChannel, overheard: list[str]) -> NotDeliveredError:
    with pytest.raises(NotDeliveredError) as raised:
        place.deliver(HELLO)
    assert CANARY not in f"{raised.value} {raised.value.as_record()} {overheard}"
    assert raised.value.__cause__ is None
    return raised.value


@pytest.mark.parametrize(
    ("answer", "named", "can_retry"),
    [
        (BUSY, "notice.busy", True),
        (BROKEN, "notice.busy", True),
        (lie(ok=False, error="ratelimited"), "notice.busy", True),
        (lie(ok=False, error="not_in_channel"), "notice.refused", False),
        (lie(ok=False, error=f"you said {TOKEN}"), "notice.unexpected", True),
        (lie(ok=False), "notice.unexpected", True),
        (lie(ok=True), "notice.unexpected", True),
        (lie(ok=True, channel=7, ts=None), "notice.unexpected", True),
        (Answer(body="<html>log in to our network</html>"), "notice.unexpected", True),
        (Answer(body=f'{{"ok": {TOKEN}'), "notice.unexpected", True),
        (Answer(body="[1, 2]"), "notice.unexpected", True),
        (Answer(body='"ok"'), "notice.unexpected", True),
        (Answer(body=""), "notice.unexpected", True),
        (Answer(404, "not here"), "notice.unexpected", True),
        (Answer(body="{}", headers=(("Content-Type", "text/x; charset=none"),)),
         "notice.unexpected", True),
    ],
)  # fmt: skip
def test_what_it_answers_is_understood(
    tmp_path: Path,
    slack: SlackServer,
    overheard: list[str],
    answer: Answer,
    named: str,
    can_retry: bool,
) -> None:
    """Only Slack's own yes counts as delivered; and no answer gets the token into a text."""
    slack.answers.append(answer)
    problem = refused(channel(tmp_path, slack), overheard)
    assert (problem.id, problem.can_retry) == (named, can_retry)


def test_it_waits_as_long_as_it_is_asked_to(
    tmp_path: Path, slack: SlackServer, overheard: list[str]
) -> None:
    """And repeats nothing by itself."""
    slack.answers.append(BUSY)
    assert refused(channel(tmp_path, slack), overheard).after_s == 7
    assert len(slack.calls) == 1


@pytest.mark.parametrize(
    ("asked", "after_s"),
    [("30", 30), ("0", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None), ("1e9", None),
     ("²", None), ("", None)],
)  # fmt: skip
def test_a_wish_that_is_no_number_of_seconds_is_none(
    tmp_path: Path, slack: SlackServer, overheard: list[str], asked: str, after_s: float | None
) -> None:
    """Then the courier's own pauses hold; what is beyond an hour it does not believe either."""
    headers = (("Retry-After", asked.encode().decode("latin-1")),)
    slack.answers.append(Answer(429, "", headers))
    assert refused(channel(tmp_path, slack), overheard).after_s == after_s


def test_a_wrong_token_and_an_unknown_channel_are_named(
    tmp_path: Path, slack: SlackServer, overheard: list[str]
) -> None:
    place = channel(tmp_path, slack, "#nowhere")
    assert "channel_not_found" in refused(place, overheard).fact
    secret(tmp_path / "token", f"other-{CANARY}")
    assert "invalid_auth" in refused(place, overheard).fact


def test_nobody_there(tmp_path: Path, slack: SlackServer, overheard: list[str]) -> None:
    place = replace(channel(tmp_path, slack), api=f"http://127.0.0.1:{free_port()}/")
    problem = refused(place, overheard)
    assert problem.fact == "Slack (#deployments) could not be reached: Connection refused."


def test_a_hanging_server_is_left(
    tmp_path: Path,
    slack: SlackServer,
    overheard: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_LIMIT_S", 0.2)
    slack.hangs = True
    assert refused(channel(tmp_path, slack), overheard).id == "notice.unreachable"


def test_one_that_ends_the_connection_is_none(
    tmp_path: Path, slack: SlackServer, overheard: list[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = replace(
            channel(tmp_path, slack), api=f"http://127.0.0.1:{server.getsockname()[1]}/"
        )
        server.settimeout(20)
        import threading

        ending = threading.Thread(target=lambda: server.accept()[0].close())
        ending.start()
        assert refused(place, overheard).can_retry
        ending.join()


@pytest.mark.parametrize("wrong", ["open to all", "missing", "empty", "no text", "no token"])
def test_a_token_file_that_is_no_secret_is_not_used(
    tmp_path: Path, slack: SlackServer, overheard: list[str], wrong: str
) -> None:
    place = channel(tmp_path, slack)
    match wrong:
        case "open to all":
            place.token_file.chmod(0o644)
        case "missing":
            place.token_file.unlink()
        case "empty":
            place.token_file.write_text("# nothing\n")
        case "no text":
            place.token_file.write_bytes(b"\xff\xfe" + CANARY.encode())
        case "no token":
            place.token_file.write_text(f"токен {CANARY}\n", "utf-8")
    problem = refused(place, overheard)
    assert problem.id == "notice.secret-file"
    assert slack.calls == []


def test_loud_answers_are_shown_to_the_channel(tmp_path: Path, slack: SlackServer) -> None:
    """The thread keeps the rest out of everybody's way."""
    place = channel(tmp_path, slack)
    receipt = place.deliver(HELLO)
    place.deliver(replace(HELLO, title="quiet", under=receipt))
    place.deliver(replace(HELLO, title="loud", under=receipt, is_loud=True))
    (board,) = slack.main()
    assert [one["reply_broadcast"] for one in slack.thread(board)] == [False, True]


def test_an_answer_to_a_thread_that_is_gone_is_a_message(
    tmp_path: Path, slack: SlackServer
) -> None:
    """It would be refused for ever, and with it all that comes after it."""
    slack.answers.append(lie(ok=False, error="thread_not_found"))
    channel(tmp_path, slack).deliver(replace(HELLO, under=Receipt("C01", "1600000000.000001")))
    assert len(slack.main()) == 1


def test_a_text_cannot_call_everybody() -> None:
    """A commit's message is anybody's text."""
    text = text_of(Message("a *b*", ("<!channel> <https://evil.example|here> &amp;",)))
    assert "<" not in text
    assert "&lt;!channel&gt;" in text
    assert "&amp;amp;" in text


def test_a_long_text_is_cut() -> None:
    """Slack refuses it otherwise."""
    assert len(text_of(Message("title", ("x" * 5000,)))) == 3500


def test_it_speaks_slack_s_json(tmp_path: Path, slack: SlackServer) -> None:
    """What is sent, to the letter."""
    channel(tmp_path, slack).deliver(HELLO)
    assert slack.calls == [
        (
            "chat.postMessage",
            {
                "channel": "#deployments",
                "text": "🔷 *hello*\nworld",
                "unfurl_links": False,
                "unfurl_media": False,
            },
        )
    ]
    assert json.dumps(slack.calls)
