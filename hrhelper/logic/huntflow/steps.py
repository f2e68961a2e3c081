"""The steps of a sync. Each asks Huntflow once and says what is then to be written.

A step changes nothing itself: what it read is written together with the checkpoint, or not at
all. So each may be done again, by another process, after a kill at any moment.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from apps.huntflow.models import Account, Applicant, SeenPage, Status, SyncJob, Vacancy
from logic.huntflow import api, mirror
from logic.huntflow.client import HuntflowClient
from logic.huntflow.objects import read_one
from logic.huntflow.position import (
    ACCOUNTS,
    APPLICANTS,
    MISSING_APPLICANTS,
    MISSING_VACANCIES,
    STATUSES,
    VACANCIES,
    Position,
)
from logic.huntflow.records import AccountRecord, ApplicantRecord, StatusRecord, VacancyRecord


@dataclass(frozen=True)
class Counts:
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True)
class Step:
    """`write` is called in the transaction of the checkpoint."""

    write: Callable[[], Counts] = Counts
    seen: list[int] = field(default_factory=list)
    has_more: bool = False
    total_pages: int | None = None


def step(huntflow: HuntflowClient, job: SyncJob, position: Position) -> Step:
    """Read what is next. Raises the errors of logic.huntflow.errors."""
    if position.stage == ACCOUNTS:
        return _accounts(huntflow)
    account = Account.objects.get(external_id=position.account)
    if position.stage == STATUSES:
        return _statuses(huntflow, account)
    if position.stage == VACANCIES:
        return _vacancies(huntflow, account, position.page)
    if position.stage == APPLICANTS:
        return _applicants(huntflow, account, position.page)
    if position.stage in (MISSING_VACANCIES, MISSING_APPLICANTS):
        return _missing(huntflow, job, account, position.stage)
    raise ValueError(f"there is no stage {position.stage}")


def _accounts(huntflow: HuntflowClient) -> Step:
    records = [AccountRecord.of(item) for item in api.accounts(huntflow).items]
    ids = [one.external_id for one in records]

    def write() -> Counts:
        gone = mirror.present_ids(Account, mirror.NO_ACCOUNT) - set(ids)
        return Counts(
            len(mirror.put(Account, mirror.NO_ACCOUNT, records)),
            mirror.entomb(Account, mirror.NO_ACCOUNT, gone),
        )

    return Step(write, ids)


def _statuses(huntflow: HuntflowClient, account: Account) -> Step:
    """All in one answer, so that what is not in it has vanished."""
    items = api.statuses(huntflow, account.external_id).items
    records = [StatusRecord.of(item) for item in items if not item.get("removed")]
    ids = [one.external_id for one in records]

    def write() -> Counts:
        scope = {"account": account}
        gone = mirror.present_ids(Status, scope) - set(ids)
        return Counts(len(mirror.put(Status, scope, records)), mirror.entomb(Status, scope, gone))

    return Step(write, ids)


def _vacancies(huntflow: HuntflowClient, account: Account, number: int) -> Step:
    page = api.vacancies(huntflow, account.external_id, number)
    records = [VacancyRecord.of(item) for item in page.items]
    return Step(
        lambda: Counts(len(mirror.put(Vacancy, {"account": account}, records))),
        [one.external_id for one in records],
        _has_more(page, number),
        page.total,
    )


def _applicants(huntflow: HuntflowClient, account: Account, number: int) -> Step:
    page = api.applicants(huntflow, account.external_id, number)
    records = [ApplicantRecord.of(item) for item in page.items]
    return Step(
        lambda: Counts(mirror.put_applicants(account, records)),
        [one.external_id for one in records],
        _has_more(page, number),
        page.total,
    )


def _has_more(page: api.Page, number: int) -> bool:
    return bool(page.items) and number < (page.total or 0)


def _missing(huntflow: HuntflowClient, job: SyncJob, account: Account, stage: str) -> Step:
    """Ask for one that no page held; only a 404 makes it a tombstone.

    Rows move from page to page while they are read, when others are added or deleted. One that
    slipped through must not be taken for deleted.
    """
    model = Vacancy if stage == MISSING_VACANCIES else Applicant
    kind = VACANCIES if stage == MISSING_VACANCIES else APPLICANTS
    scope = {"account": account}
    left = sorted(mirror.present_ids(model, scope) - _seen(job, account, kind, stage))
    if not left:
        return Step()
    write = read_one(huntflow, account, model, left[0])
    if write is None:
        return Step(lambda: Counts(removed=mirror.entomb(model, scope, left[:1])), has_more=True)
    return Step(lambda: Counts(write()), left[:1], has_more=len(left) > 1)


def _seen(job: SyncJob, account: Account, *kinds: str) -> set[int]:
    pages = SeenPage.objects.filter(job=job, account=account.external_id, kind__in=kinds)
    return {one for ids in pages.values_list("ids", flat=True) for one in ids}
