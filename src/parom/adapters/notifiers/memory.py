"""A place in memory, with everything that a notifier promises."""

from __future__ import annotations

from dataclasses import dataclass, field

from parom.errors.notices import NotDeliveredError
from parom.message import Message, Receipt


@dataclass
class MemoryNotifier:
    """Keeps what it is given. `fails` are raised first, one a call."""

    can_edit: bool = True
    messages: list[Message] = field(default_factory=list)
    fails: list[NotDeliveredError] = field(default_factory=list)

    def deliver(self, message: Message) -> Receipt:
        if self.fails:
            raise self.fails.pop(0)
        if not self.can_edit:
            self.messages.append(message)
            return Receipt()
        place = self._place_of(message.replaces)
        if place is not None:
            self.messages[place] = message
            return message.replaces
        self.messages.append(message)
        return Receipt("memory", str(len(self.messages)))

    def _place_of(self, receipt: Receipt) -> int | None:
        place = int(receipt.id) - 1 if receipt.id.isdecimal() else -1
        return place if 0 <= place < len(self.messages) else None
