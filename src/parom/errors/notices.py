"""Why a notice did not arrive, or cannot. None of it says anything of a secret."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


class NotDeliveredError(ParomError):
    """A notifier's attempt that failed, or whose success is not known.

    `can_retry`: whether it may succeed later without anybody changing anything.
    """

    def __init__(
        self, named: str, fact: str, cure: str, *, can_retry: bool, after_s: float | None = None
    ) -> None:
        super().__init__(named, fact, cure, can_retry=can_retry)
        self.after_s = after_s
        """How long the other side asks to be left alone; None where it does not say."""


def unreachable(where: str, why: str) -> NotDeliveredError:
    return NotDeliveredError(
        "notice.unreachable",
        said("{where} could not be reached: {why}.", where=where, why=why),
        said("It is tried again; `parom notices send` tries at once."),
        can_retry=True,
    )


def busy(where: str, status: int, after_s: float | None) -> NotDeliveredError:
    return NotDeliveredError(
        "notice.busy",
        said("{where} answered {status}.", where=where, status=status),
        said("It is tried again; `parom notices send` tries at once."),
        can_retry=True,
        after_s=after_s,
    )


def unexpected(where: str, what: str) -> NotDeliveredError:
    return NotDeliveredError(
        "notice.unexpected",
        said("{where} gave an answer that is not its own: {what}.", where=where, what=what),
        said(
            "It is tried again. Look whether something stands in between (a proxy, a login page)."
        ),
        can_retry=True,
    )


def refused(where: str, reason: str) -> NotDeliveredError:
    return NotDeliveredError(
        "notice.refused",
        said("{where} refused: {reason}.", where=where, reason=reason),
        said(
            "Correct the token, the channel or the address; `parom notices test` tries "
            "them. What waits is then delivered by the next run or by `parom notices "
            "send`."
        ),
        can_retry=False,
    )


def secret_file(path: Path, why: str) -> NotDeliveredError:
    return NotDeliveredError(
        "notice.secret-file",
        said("{path} cannot be used: {why}.", path=path, why=why),
        said("It holds secrets: one a line, readable by its owner alone (chmod 600)."),
        can_retry=False,
    )


def nothing_configured() -> ParomError:
    return ParomError(
        "notices.nowhere",
        said("parom.toml names no place for notices."),
        said("Set notices.slack_token_file or notices.urls_file."),
        exit_code=ExitCode.USAGE,
    )


def not_all_delivered(places: Sequence[str]) -> ParomError:
    return ParomError(
        "notices.not-delivered",
        said("Not delivered to {places}.", places=", ".join(places)),
        said("`parom notices list` says why and when each is tried again."),
        can_retry=True,
    )


def trial_failed(places: Sequence[str]) -> ParomError:
    return ParomError(
        "notices.trial-failed",
        said("A trial message did not reach {places}.", places=", ".join(places)),
        said("What is said above names the cause; correct it and try again."),
        can_retry=True,
    )
