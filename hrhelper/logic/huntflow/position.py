"""Where a sync is: what it reads next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

ACCOUNTS = "accounts"
STATUSES = "statuses"
VACANCIES = "vacancies"
MISSING_VACANCIES = "missing vacancies"
APPLICANTS = "applicants"
MISSING_APPLICANTS = "missing applicants"
# Of each account, in this order.
STAGES = (STATUSES, VACANCIES, MISSING_VACANCIES, APPLICANTS, MISSING_APPLICANTS)


@dataclass(frozen=True)
class Position:
    """A stage, of an account (by Huntflow's id), at a page that is still to be read."""

    stage: str = ACCOUNTS
    account: int | None = None
    page: int = 1

    def next_page(self) -> "Position":
        return replace(self, page=self.page + 1)


def after(position: Position, accounts: Sequence[int]) -> Position | None:
    """The next stage, of the same account or of the one with the next id; None at the end."""
    if position.account is not None and position.stage != STAGES[-1]:
        return Position(STAGES[STAGES.index(position.stage) + 1], position.account)
    left = sorted(one for one in accounts if position.account is None or one > position.account)
    return Position(STAGES[0], left[0]) if left else None
