"""The table of parom.toml that says where notices go."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from parom.config.table import Table
from parom.config.values import Place
from parom.message import Topic
from parom.words.said import said

_CHANNEL = re.compile(r"#[^\s#]{1,79}|[CG][A-Z0-9]{6,20}")
_API = re.compile(r"https?://[^\s/@]+(?:/[^\s@]*)?")


def _checked_channel(text: str) -> str:
    if not _CHANNEL.fullmatch(text):
        message = said("must be a channel of Slack: its name, such as #deployments, or its id")
        raise ValueError(message)
    return text


def _checked_api(text: str) -> str:
    if not _API.fullmatch(text):
        message = said("must be the address of Slack's API, without credentials")
        raise ValueError(message)
    return text


def _checked_topics(names: tuple[str, ...]) -> tuple[str, ...]:
    known = [one.value for one in Topic]
    unknown = [name for name in names if name != "*" and name not in known]
    if unknown:
        message = said(
            '"{name}" is none of {known}; "*" is all of them',
            name=unknown[0][:40],
            known=", ".join(known),
        )
        raise ValueError(message)
    return names


Channel = Annotated[str, AfterValidator(_checked_channel)]
Topics = Annotated[tuple[str, ...], Field(max_length=64), AfterValidator(_checked_topics)]


class NoticesTable(Table):
    slack_token_file: Place = ""
    slack_api: Annotated[str, AfterValidator(_checked_api)] = "https://slack.com/api/"
    deployments: Channel = "#deployments"
    broadcast: Topics = (
        "failure",
        "rollback",
        "rolled-back",
        "rollback-failed",
        "held",
        "interrupted",
        "alarm",
        "approval",
    )
    alerts: Channel = "#alerts"
    alert_on: Topics = (
        "failure",
        "rollback",
        "rolled-back",
        "rollback-failed",
        "held",
        "interrupted",
        "inconclusive",
        "alarm",
        "late",
    )
    urls_file: Place = ""
    mail_on: Topics = ("*",)

    @property
    def go_somewhere(self) -> bool:
        """Whether there is any place for notices."""
        return bool(self.slack_token_file or self.urls_file)
