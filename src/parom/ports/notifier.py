"""A place where people read notices."""

from __future__ import annotations

from typing import Protocol

from parom.message import Message, Receipt


class Notifier(Protocol):
    """A place where people read notices: a channel, a mailbox, an address of any kind.

    Delivery is at least once: where `deliver` raises, the message may have arrived all the
    same, and a second call may bring it twice. An edit brings nothing twice.
    """

    @property
    def can_edit(self) -> bool:
        """Whether a message can be replaced and answered in a thread. Where it cannot,
        `replaces` and `under` are ignored, and receipts are empty."""
        ...

    def deliver(self, message: Message) -> Receipt:
        """Hand a message over; by what it is known again.

        Raises `NotDeliveredError` within about half a minute, also where the other side hangs. A
        message that was to be replaced and is gone is written anew. What is raised names the
        place and holds no secret.
        """
        ...
