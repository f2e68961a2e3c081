"""Places for notices, each with the server behind it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parom.adapters.notifiers.apprise import AppriseAddress
from parom.adapters.notifiers.memory import MemoryNotifier
from parom.adapters.notifiers.slack import SlackChannel
from parom.ports import Notifier
from tests.adapters.notifiers.mail_server import Mailbox, receiving
from tests.adapters.notifiers.slack_server import SlackServer, serving

CANARY = "canary-4f9a1c"
TOKEN = f"xoxb-{CANARY}"


@dataclass
class Placed:
    """A notifier, and what arrived there: (title, whole text), oldest first."""

    notifier: Notifier
    arrived: Callable[[], list[str]]


@pytest.fixture
def overheard() -> Iterator[list[str]]:
    """What a program's own logging gets to hear, at the level with which Python starts."""
    heard: list[str] = []
    root, listener = logging.getLogger(), logging.Handler()
    listener.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    root.addHandler(listener)
    yield heard
    root.removeHandler(listener)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with serving(TOKEN) as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as box:
        yield box


def secret(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(["# secrets", *lines]) + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def channel(top: Path, slack: SlackServer, name: str = "#deployments") -> SlackChannel:
    return SlackChannel(name, secret(top / "token", slack.token), slack.url)


def address(top: Path, mailbox: Mailbox) -> AppriseAddress:
    return AppriseAddress(secret(top / "urls", mailbox.url(CANARY)), 1)


@pytest.fixture(params=["memory", "memory without threads", "slack", "mail"])
def placed(request: pytest.FixtureRequest, tmp_path: Path) -> Placed:
    """One of all the kinds of places."""
    kind = str(request.param)
    if kind == "slack":
        slack = request.getfixturevalue("slack")
        return Placed(channel(tmp_path, slack), lambda: slack.texts("#deployments"))
    if kind == "mail":
        mailbox = request.getfixturevalue("mailbox")
        return Placed(
            address(tmp_path, mailbox),
            lambda: [f"{one['subject']}\n{one.get_content()}" for one in mailbox.mails],
        )
    memory = MemoryNotifier(can_edit=kind == "memory")
    return Placed(memory, lambda: ["\n".join([one.title, *one.lines]) for one in memory.messages])
