"""Candidates with the names of the vacancies and stages that Huntflow has them on."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.huntflow.models import Applicant, Status, Vacancy
from apps.vacancies.models import Vacancy as OwnVacancy


@dataclass(frozen=True)
class Stage:
    """Names, or Huntflow's ids where the mirror does not know them."""

    vacancy: str
    status: str
    own_vacancy: int | None = None
    """The id of the team's own vacancy that names Huntflow's."""


@dataclass(frozen=True)
class Row:
    applicant: Applicant
    stages: tuple[Stage, ...]

    @property
    def name(self) -> str:
        one = self.applicant
        return " ".join(filter(None, (one.last_name, one.first_name, one.middle_name)))


def candidate_rows(applicants: Iterable[Applicant]) -> list[Row]:
    """Three queries for all names; links are to be prefetched."""
    everyone = list(applicants)
    links = [link for one in everyone for link in one.links.all()]
    vacancies = _names(Vacancy, "position", {link.vacancy for link in links})
    statuses = _names(Status, "name", {link.status for link in links})
    own = _own_vacancies({str(link.vacancy) for link in links})

    def stages(one: Applicant) -> tuple[Stage, ...]:
        return tuple(
            Stage(
                vacancies.get((one.account_id, link.vacancy), str(link.vacancy)),
                statuses.get((one.account_id, link.status), str(link.status)),
                own.get(str(link.vacancy)),
            )
            for link in one.links.all()
        )

    return [Row(one, stages(one)) for one in everyone]


def name_in_huntflow(vacancy: int) -> str:
    """The name of a vacancy there, or its number."""
    found = Vacancy.objects.filter(external_id=vacancy).values_list("position", flat=True).first()
    return found or str(vacancy)


def _own_vacancies(external_ids: set[str]) -> dict[str, int]:
    found = OwnVacancy.objects.filter(external_id__in=external_ids).order_by()
    return dict(found.values_list("external_id", "id"))


def _names(model: type[Vacancy | Status], field: str, ids: set[int]) -> dict[tuple[int, int], str]:
    found = model.objects.filter(external_id__in=ids).order_by()
    rows = found.values_list("account", "external_id", field)
    return {(account, one): name for account, one, name in rows}
