"""What the team's own rules refuse: hours, budgets, people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from parom.errors.problem import ExitCode, ParomError


def reserve_needs_reason(now: datetime, zone: str, opens: datetime | None) -> ParomError:
    return ParomError(
        "window.reserve",
        f"It is {now:%H:%M} in {zone}, within the reserve: a deployment needs a reason there.",
        f'Say it with `--reason "..."`{_or_wait(opens)}. Nothing was changed.',
        can_retry=True,
    )


def hours_avoided(now: datetime, zone: str, opens: datetime | None) -> ParomError:
    return ParomError(
        "window.avoided",
        f"It is {now:%H:%M} in {zone}, within the hours in which nothing is deployed.",
        'Whoever may override that says `--override --reason "..."`'
        f"{_or_wait(opens)}. Nothing was changed.",
        can_retry=True,
    )


def no_window() -> ParomError:
    return ParomError(
        "window.none",
        "There is no window to wait for: windows.timezone or windows.recommended is empty.",
        "Set both in parom.toml, or deploy without `--at`. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def reason_missing() -> ParomError:
    return ParomError(
        "window.override-without-reason",
        "An override needs a reason; it is written into the journal.",
        'Say it with `--reason "..."`. Nothing was changed.',
        exit_code=ExitCode.USAGE,
    )


def cutover_late(spent_s: float, budget_s: float) -> ParomError:
    return ParomError(
        "budget.cutover",
        f"The cutover took {spent_s:.0f} s before the database was changed; "
        f"budgets.cutover_s allows {budget_s:.0f} s.",
        "`parom report` shows which step took long. Deploy again when that is corrected, or "
        "with a larger budget.",
    )


def access_refused(
    who: str, action: str, environment: str, roles: Iterable[str], needed: Sequence[str]
) -> ParomError:
    has = " and ".join(sorted(roles)) or "no role"
    allowed = " or ".join(needed) or "nobody: the environment is not in access.deploy"
    return ParomError(
        "access.refused",
        f"{who} ({has}) may not {action} in {environment}; allowed: {allowed}.",
        "Ask somebody who may, or have [access] of parom.toml changed. Nothing was changed.",
    )


def override_refused(who: str, needed: Sequence[str]) -> ParomError:
    return ParomError(
        "access.override-refused",
        f"{who} may not deploy in the hours to avoid; access.override names "
        f"{' or '.join(needed) or 'nobody'}.",
        "Ask somebody who may, or wait: `--at next-window`. Nothing was changed.",
    )


def approval_refused(who: str, asked_by: str, needed: Sequence[str]) -> ParomError:
    own = f"{who} asked for it: " if who == asked_by else ""
    return ParomError(
        "access.approval-refused",
        f"{who} may not approve this deployment. {own}A second person must, of the role "
        f"{' or '.join(needed)}.",
        "Ask one of them to run `parom approve`. Nothing was changed.",
    )


def nothing_to_approve() -> ParomError:
    return ParomError(
        "run.nothing-to-approve",
        "No deployment waits for an approval.",
        "`parom status` shows what runs. Nothing was changed.",
    )


def not_approved(hours: float, needed: Sequence[str]) -> ParomError:
    return ParomError(
        "run.not-approved",
        f"Nobody of the role {' or '.join(needed)} approved it within {hours:g} h.",
        "Deploy again when somebody is there to approve, or set access.approval_limit_s.",
        can_retry=True,
    )


def _or_wait(opens: datetime | None) -> str:
    if opens is None:
        return ", or deploy at another hour"
    return f", or prepare now and go over at {opens:%H:%M on %d.%m.} with `--at next-window`"
