"""Mail, and every other address that Apprise knows (https://appriseit.com).

An address is one line of the file notices.urls_file, such as
`mailtos://user:password@mail.example.org?to=team@example.org`. It holds secrets, so of an address
nothing is shown but its kind and its place in the file.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from parom.adapters.notifiers.secret_file import secret_lines
from parom.errors import notices as errors
from parom.message import Message, Receipt
from parom.words.said import said

if TYPE_CHECKING:
    from apprise import Apprise

_KIND = re.compile(r"(?P<kind>[a-z][a-z0-9+.-]{1,20})://", re.IGNORECASE)
_PARTS = re.compile(r"[/:@?&=#,;]+")
_SHORTEST = 3
"""Shorter parts of an address are options like `to`; masking them would spoil every message."""
_LONGEST = 200
_SEEN_LOG = threading.Lock()


@dataclass(frozen=True)
class AppriseAddress:
    """The address with this number (from 1) in the file, which is read at each attempt."""

    file: Path
    number: int
    can_edit: bool = field(default=False, init=False)

    def deliver(self, message: Message) -> Receipt:
        address = self._address()
        with _complaints() as complaints:
            place = self._place(address)
            taken = place.notify(
                body="\n".join(message.lines) or message.title,
                title=message.title,
                notify_type=message.tone.value,
                body_format="text",
            )
        if not taken:
            why = masked(complaints[-1], address) if complaints else said("it does not say why")
            raise errors.unreachable(self._name(address), why)
        return Receipt()

    def _address(self) -> str:
        lines = secret_lines(self.file)
        if self.number > len(lines):
            why = said("it has no address {number} any more", number=self.number)
            raise errors.secret_file(self.file, why)
        return lines[self.number - 1]

    def _place(self, address: str) -> Apprise:
        """Without repetitions and threads of its own: the courier has those."""
        from apprise import Apprise, AppriseAsset

        asset = AppriseAsset(
            app_id="Parom",
            app_desc="Parom",
            app_url="",
            storage_mode="memory",
            secure_logging=True,
            default_service_retry=0,
            service_timeout=0,
            async_mode=False,
        )
        place = Apprise(asset=asset)
        if not place.add(address) or len(place) != 1:
            raise errors.refused(self._name(address), said("Apprise does not know this address"))
        return place

    def _name(self, address: str) -> str:
        return f"address {self.number} ({kind_of_address(address)})"


def kind_of_address(address: str) -> str:
    """What may be shown of an address: the kind of service, `mailtos` or `telegram`."""
    found = _KIND.match(address)
    return found["kind"].lower() if found else "unknown kind"


def masked(text: str, address: str) -> str:
    """A complaint without anything of the address, one line long."""
    parts = {unquote(one) for one in _PARTS.split(address)} | set(_PARTS.split(address))
    for one in sorted(parts, key=len, reverse=True):
        if len(one) >= _SHORTEST:
            text = text.replace(one, "***")
    return " ".join(text.split())[:_LONGEST].rstrip(".")


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What Apprise logs in this thread meanwhile; it returns no reasons. Nobody else gets it:
    it may say what the other side answered."""
    logger, said = logging.getLogger("apprise"), list[str]()
    mine = threading.get_ident()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == mine:
                said.append(record.getMessage())

    listener = Listener(logging.WARNING)
    with _SEEN_LOG:
        logger.propagate = False
        logger.addHandler(listener)
    try:
        yield said
    finally:
        with _SEEN_LOG:
            logger.removeHandler(listener)
