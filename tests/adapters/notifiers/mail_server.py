"""A real mail server on loopback, by aiosmtpd."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.ports import free_port


@dataclass
class Mailbox:
    """What arrived. `refuses` are answered first, one a message."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)

    def url(self, secret: str) -> str:
        """An Apprise address with a password in it."""
        return (
            f"mailto://parom:{secret}@127.0.0.1:{self.port}"
            "?from=parom@example.org&to=team@example.org&mode=insecure"
        )

    def subjects(self) -> list[str]:
        return [str(one["subject"]) for one in self.mails]

    # aiosmtpd's names
    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def receiving() -> Iterator[Mailbox]:
    """One that runs until the end of the block; anybody may log in."""
    box = Mailbox(free_port())
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        authenticator=lambda *_: _anybody(),
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _anybody() -> Any:
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=True)
