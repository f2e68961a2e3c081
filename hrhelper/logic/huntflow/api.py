"""Huntflow's calls that are used here, by name. Each is one request, or its repetitions."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from logic.huntflow.client import HuntflowClient, Limits
from logic.huntflow.errors import UnexpectedAnswerError
from logic.huntflow.exchange import Call
from logic.huntflow.pace import Pace
from logic.huntflow.tokens import Tokens

ACCESS = "huntflow"
# The most that Huntflow gives a page.
VACANCIES_A_PAGE = 100
APPLICANTS_A_PAGE = 30


@dataclass(frozen=True)
class Page:
    """Items of a list; `total` pages there are, or None where the list has no pages."""

    items: list[dict[str, Any]]
    total: int | None = None


@dataclass(frozen=True)
class Found:
    """Items of a search, and the cursor that goes on; None at the end."""

    items: list[dict[str, Any]]
    cursor: str | None


@dataclass(frozen=True)
class StatusChange:
    """Where an applicant goes on a vacancy."""

    vacancy: int
    status: int
    comment: str = ""
    rejection_reason: int | None = None

    def body(self) -> dict[str, Any]:
        """What was not given is left out: a null would overwrite."""
        given = {"comment": self.comment, "rejection_reason": self.rejection_reason}
        rest = {name: value for name, value in given.items() if value}
        return {"vacancy": self.vacancy, "status": self.status, **rest}


def connect() -> HuntflowClient:
    """A client by the settings, to be used as a context."""
    limits = Limits(timeout_s=settings.HUNTFLOW_TIMEOUT_S)
    pace = Pace(ACCESS, settings.HUNTFLOW_REQUESTS_PER_SECOND)
    return HuntflowClient(settings.HUNTFLOW_URL, Tokens(ACCESS), pace, limits)


def me(huntflow: HuntflowClient) -> dict[str, Any]:
    """The user whose token it is."""
    return _object(huntflow.ask(Call("GET", "/me")))


def accounts(huntflow: HuntflowClient) -> Page:
    return _page(huntflow.ask(Call("GET", "/accounts")))


def statuses(huntflow: HuntflowClient, account: int) -> Page:
    return _page(huntflow.ask(Call("GET", f"/accounts/{account}/vacancies/statuses")))


def vacancies(huntflow: HuntflowClient, account: int, number: int) -> Page:
    query = {"count": VACANCIES_A_PAGE, "page": number}
    return _page(huntflow.ask(Call("GET", f"/accounts/{account}/vacancies", query)))


def vacancy(huntflow: HuntflowClient, account: int, external_id: int) -> dict[str, Any]:
    return _object(huntflow.ask(Call("GET", f"/accounts/{account}/vacancies/{external_id}")))


def applicants(huntflow: HuntflowClient, account: int, number: int) -> Page:
    query = {"count": APPLICANTS_A_PAGE, "page": number}
    return _page(huntflow.ask(Call("GET", f"/accounts/{account}/applicants", query)))


def applicant(huntflow: HuntflowClient, account: int, external_id: int) -> dict[str, Any]:
    return _object(huntflow.ask(Call("GET", f"/accounts/{account}/applicants/{external_id}")))


def search(huntflow: HuntflowClient, account: int, text: str, cursor: str | None) -> Found:
    """A page of Huntflow's own search, which looks into resumes, too.

    The cursor holds the whole search: with it, the text is not sent again.
    """
    query = {"next_page_cursor": cursor} if cursor else {"q": text, "count": APPLICANTS_A_PAGE}
    path = f"/accounts/{account}/applicants/search_by_cursor"
    answer = huntflow.ask(Call("GET", path, query))
    after = _object(answer).get("next_page_cursor")
    return Found(_page(answer).items, str(after) if after else None)


def change_status(
    huntflow: HuntflowClient, account: int, external_id: int, change: StatusChange
) -> dict[str, Any]:
    """Move an applicant. Not repeated where its fate is unknown: the comment would be twice."""
    path = f"/accounts/{account}/applicants/{external_id}/vacancy"
    return _object(huntflow.ask(Call("PUT", path, body=change.body(), repeatable=False)))


def tags(huntflow: HuntflowClient, account: int) -> Page:
    """Tags that the account knows."""
    return _page(huntflow.ask(Call("GET", f"/accounts/{account}/tags")))


def replace_tags(
    huntflow: HuntflowClient, account: int, external_id: int, ids: list[int]
) -> list[int]:
    """These tags and no others; their ids. A POST which may be repeated: it replaces the list."""
    path = f"/accounts/{account}/applicants/{external_id}/tags"
    found = _object(huntflow.ask(Call("POST", path, body={"tags": ids}))).get("tags")
    if not isinstance(found, list):
        raise UnexpectedAnswerError("Huntflow's answer holds no tags.")
    return [int(one) for one in found]


def _object(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise UnexpectedAnswerError("Huntflow's answer is not an object.")
    return answer


def _page(answer: Any) -> Page:
    found = _object(answer)
    items, total = found.get("items"), found.get("total_pages")
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise UnexpectedAnswerError("Huntflow's answer holds no items.")
    return Page(items, total if isinstance(total, int) else None)
