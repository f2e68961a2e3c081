"""What the team's own rules refuse: hours, budgets, people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import either, said, together


def reserve_needs_reason(now: datetime, zone: str, opens: datetime | None) -> ParomError:
    return ParomError(
        "window.reserve",
        said(
            "It is {now} in {zone}, within the reserve: a deployment needs a reason there.",
            now=f"{now:%H:%M}",
            zone=zone,
        ),
        said(
            'Say it with `--reason "..."`{or_wait}. Nothing was changed.', or_wait=_or_wait(opens)
        ),
        can_retry=True,
    )


def hours_avoided(now: datetime, zone: str, opens: datetime | None) -> ParomError:
    return ParomError(
        "window.avoided",
        said(
            "It is {now} in {zone}, within the hours in which nothing is deployed.",
            now=f"{now:%H:%M}",
            zone=zone,
        ),
        said(
            'Whoever may override that says `--override --reason "..."`{or_wait}. Nothing '
            "was changed.",
            or_wait=_or_wait(opens),
        ),
        can_retry=True,
    )


def no_window() -> ParomError:
    return ParomError(
        "window.none",
        said("There is no window to wait for: windows.timezone or windows.recommended is empty."),
        said("Set both in parom.toml, or deploy without `--at`. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def reason_missing() -> ParomError:
    return ParomError(
        "window.override-without-reason",
        said("An override needs a reason; it is written into the journal."),
        said('Say it with `--reason "..."`. Nothing was changed.'),
        exit_code=ExitCode.USAGE,
    )


def cutover_late(spent_s: float, budget_s: float) -> ParomError:
    return ParomError(
        "budget.cutover",
        said(
            "The cutover took {spent_s} s before the database was changed; "
            "budgets.cutover_s allows {budget_s} s.",
            spent_s=f"{spent_s:.0f}",
            budget_s=f"{budget_s:.0f}",
        ),
        said(
            "`parom report` shows which step took long. Deploy again when that is "
            "corrected, or with a larger budget."
        ),
    )


def access_refused(
    who: str, action: str, environment: str, roles: Iterable[str], needed: Sequence[str]
) -> ParomError:
    has = together(sorted(roles)) or said("no role")
    allowed = either(needed) or said("nobody: the environment is not in access.deploy")
    return ParomError(
        "access.refused",
        said(
            "{who} ({has}) may not {action} in {environment}; allowed: {allowed}.",
            who=who,
            has=has,
            action=said(action),
            environment=environment,
            allowed=allowed,
        ),
        said("Ask somebody who may, or have [access] of parom.toml changed. Nothing was changed."),
    )


def override_refused(who: str, needed: Sequence[str]) -> ParomError:
    return ParomError(
        "access.override-refused",
        said(
            "{who} may not deploy in the hours to avoid; access.override names {needed}.",
            who=who,
            needed=either(needed) or said("nobody"),
        ),
        said("Ask somebody who may, or wait: `--at next-window`. Nothing was changed."),
    )


def approval_refused(who: str, asked_by: str, needed: Sequence[str]) -> ParomError:
    own = said("{who} asked for it: ", who=who) if who == asked_by else ""
    return ParomError(
        "access.approval-refused",
        said(
            "{who} may not approve this deployment. {own}A second person must, of the "
            "role {needed}.",
            who=who,
            own=own,
            needed=either(needed),
        ),
        said("Ask one of them to run `parom approve`. Nothing was changed."),
    )


def nothing_to_approve() -> ParomError:
    return ParomError(
        "run.nothing-to-approve",
        said("No deployment waits for an approval."),
        said("`parom status` shows what runs. Nothing was changed."),
    )


def not_approved(hours: float, needed: Sequence[str]) -> ParomError:
    return ParomError(
        "run.not-approved",
        said(
            "Nobody of the role {needed} approved it within {hours} h.",
            needed=either(needed),
            hours=f"{hours:g}",
        ),
        said("Deploy again when somebody is there to approve, or set access.approval_limit_s."),
        can_retry=True,
    )


def _or_wait(opens: datetime | None) -> str:
    if opens is None:
        return said(", or deploy at another hour")
    return said(
        ", or prepare now and go over at {time} on {date} with `--at next-window`",
        time=f"{opens:%H:%M}",
        date=f"{opens:%d.%m.}",
    )
