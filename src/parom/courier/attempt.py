"""One attempt to hand a message over, in a thread of its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from parom.errors import notices as errors
from parom.errors.notices import NotDeliveredError
from parom.message import Message, Receipt
from parom.ports import Notifier
from parom.words.said import said


@dataclass
class Attempt:
    """One that is under way. Its thread touches nothing of the journal."""

    notifier: Notifier
    message: Message
    began: float
    result: Receipt | NotDeliveredError | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.result = self.notifier.deliver(self.message)
        except NotDeliveredError as problem:
            self.result = problem
        except Exception as bug:  # noqa: BLE001 - a library's; its text may hold a secret
            self.result = errors.unexpected(said("The library"), type(bug).__name__)
        finally:
            self.done.set()
