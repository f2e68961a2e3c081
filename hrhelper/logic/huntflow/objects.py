"""Read one vacancy or applicant of Huntflow."""

from collections.abc import Callable

from django.db.models import Model

from apps.huntflow.models import Account, Vacancy
from logic.huntflow import api, mirror
from logic.huntflow.client import HuntflowClient
from logic.huntflow.errors import HuntflowRefusedError
from logic.huntflow.records import ApplicantRecord, VacancyRecord

NOT_FOUND = 404


def read_one(
    huntflow: HuntflowClient, account: Account, model: type[Model], external_id: int
) -> Callable[[], int] | None:
    """What writes the row to the mirror, and says whether it differed; None: there is none.

    Raises the errors of logic.huntflow.errors.
    """
    read = _vacancy if model is Vacancy else _applicant
    try:
        return read(huntflow, account, external_id)
    except HuntflowRefusedError as problem:
        if problem.status != NOT_FOUND:
            raise
        return None


def _vacancy(huntflow: HuntflowClient, account: Account, external_id: int) -> Callable[[], int]:
    record = VacancyRecord.of(api.vacancy(huntflow, account.external_id, external_id))
    return lambda: len(mirror.put(Vacancy, {"account": account}, [record]))


def _applicant(huntflow: HuntflowClient, account: Account, external_id: int) -> Callable[[], int]:
    record = ApplicantRecord.of(api.applicant(huntflow, account.external_id, external_id))
    return lambda: mirror.put_applicants(account, [record])
