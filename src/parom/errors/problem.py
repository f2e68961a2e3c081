"""The shape of every error that a user can see, and the table of exit codes."""

from __future__ import annotations

import enum
from typing import Any

from parom.words.said import parts_of_all


class ExitCode(enum.IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    USAGE = 2
    """Wrong usage or configuration; nothing was changed."""
    REFUSED = 10
    """Refused for a reason in the world (lock, disk, gate); nothing was changed."""
    ROLLED_BACK = 20
    """The deployment failed; the old release is back and was verified."""
    ROLLED_BACK_WITH_QUARANTINE = 21
    """The same, and writes made in between were put into quarantine and listed."""
    NEEDS_PERSON = 30
    """Held or in doubt: a person decides."""
    BUG = 70
    """An unexpected exception in Parom itself; the traceback is in the journal."""


class ParomError(Exception):
    """A problem with a stable id, the fact, and the cure, in English.

    Where they were `said`, whoever shows them can make another language of them.

    `can_retry` says whether the same call may succeed later without anybody
    changing anything (a lease that is held, a server that did not answer).
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the field's name in every rendering
        fact: str,
        cure: str,
        *,
        exit_code: ExitCode = ExitCode.REFUSED,
        can_retry: bool = False,
    ) -> None:
        super().__init__(f"[{id}] {fact} {cure}")
        self.id = id
        self.fact = fact
        self.cure = cure
        self.exit_code = exit_code
        self.can_retry = can_retry

    def as_record(self) -> dict[str, Any]:
        """The error as plain data, as the journal keeps it. `--json` prints it without the
        parts from which another language can be made."""
        return {
            "id": self.id,
            "fact": self.fact,
            "cure": self.cure,
            "exit_code": int(self.exit_code),
            "can_retry": self.can_retry,
            **parts_of_all({"fact": self.fact, "cure": self.cure}),
        }
