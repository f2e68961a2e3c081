"""Lists ask the database as often for many rows as for few, and come in pages."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator

from apps.finance.models import Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange
from apps.gemini.models import Analysis, ChatSession
from apps.huntflow import models as huntflow
from apps.interviewers.models import Interview, Interviewer
from apps.vacancies.models import Vacancy
from logic.finance.amounts import update_from

pytestmark = pytest.mark.django_db
LISTS = (
    "finance/grades/",
    "finance/currency-rates/",
    "finance/pln-taxes/",
    "finance/salary-ranges/",
    "finance/benchmarks/",
    "vacancies/",
    "vacancies/my-vacancies/",
    "vacancies/search/?q=",
    "interviewers/",
    "interviewers/available/?day=2026-01-06",
    "interviewers/interviews/",
    "huntflow/accounts/",
    "huntflow/vacancies/",
    "huntflow/statuses/",
    "huntflow/applicants/?vacancy=1",
    "huntflow/sync/",
    "gemini/analyses/",
    "gemini/sessions/",
)
WITHOUT_PAGES = ("finance/currency-rates/latest/", "finance/benchmarks/stats/")


def fill(world, start, end):
    """Rows of everything, each with all that it refers to."""
    user = User.objects.get()
    for n in range(start, end):
        fill_mirror(user, n)
        grade = Grade.objects.create(name=f"g{n}", rank=n)
        vacancy = Vacancy.objects.create(external_id=f"v{n}", name="x", recruiter="olga")
        vacancy.grades.set([grade, world.grade])
        interviewer = Interviewer.objects.create(
            name="x", email=f"{n}@example.org", min_grade=world.grade, max_grade=grade
        )
        vacancy.interviewers.set([interviewer, world.interviewer])
        when = world.rate.fetched_at
        Interview.objects.create(interviewer=interviewer, vacancy=vacancy, starts_at=when)
        money = {"min_usd": Decimal(1), "max_usd": Decimal(2)}
        SalaryRange.objects.create(vacancy=vacancy, grade=grade, **money)
        Benchmark.objects.create(
            type="vacancy", vacancy_name="x", grade=grade, salary_from=Decimal(1)
        )
        Analysis.objects.create(
            vacancy=vacancy, user=user, score=1, recommendation="invite",
            tokens_used=1, response_ms=1,
        )  # fmt: skip
        ChatSession.objects.create(user=user, title="x")
        PlnTax.objects.create(name=f"t{n}", rate=Decimal(1))
        CurrencyRate.objects.create(currency="USD", rate=Decimal(3), fetched_at=when)
    update_from(0, end)


def fill_mirror(user, n):
    account = huntflow.Account.objects.create(external_id=n, name="x", nick="x")
    huntflow.Vacancy.objects.create(account=account, external_id=n, position="x")
    huntflow.Status.objects.create(account=account, external_id=n, name="x", order=n)
    one = huntflow.Applicant.objects.create(account=account, external_id=n)
    for vacancy in (1, 2):
        huntflow.Link.objects.create(applicant=one, vacancy=vacancy, status=n)
    huntflow.SyncJob.objects.create(state="done", is_open=None, requested_by=user)


@pytest.mark.parametrize("path", LISTS)
def test_number_of_queries_does_not_grow_with_rows(api, world, path):
    """One query a row is unnoticed with ten rows, and an outage with ten thousand."""
    counts = []
    for start, end in ((1, 3), (3, 20)):
        fill(world, start, end)
        with CaptureQueriesContext(connection) as seen:
            answer = api.get(f"/api/v1/{path}")
        assert len(answer.json()["results"]) >= end - 1
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_list_of_the_document_is_counted():
    """A new one joins the table above, or stands here with the reason why not."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    lists = {path for path, operations in paths.items() if is_list(operations.get("get"))}
    counted = {f"/api/v1/{path.partition('?')[0]}" for path in LISTS}
    elsewhere = {
        *(f"/api/v1/{path}" for path in WITHOUT_PAGES),
        "/api/v1/gemini/sessions/{id}/messages/",  # below
        "/api/v1/huntflow/accounts/{id}/tags/",  # asked of Huntflow
    }
    assert lists == counted | elsewhere


def is_list(operation):
    answer = operation["responses"].get("200", {}) if operation else {}
    described = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return described.get("type") == "array" or "Paginated" in described.get("$ref", "")


def test_messages_of_a_chat_are_one_query(api, user):
    """However long it has become."""
    session = ChatSession.objects.create(user=user, title="x")
    counts = []
    for start, end in ((1, 3), (3, 20)):
        for number in range(start, end):
            session.messages.create(number=number, role="user", text="x")
        with CaptureQueriesContext(connection) as seen:
            answer = api.get(f"/api/v1/gemini/sessions/{session.id}/messages/")
        assert len(answer.json()["results"]) == end - 1
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", WITHOUT_PAGES)
def test_answers_without_pages_do_not_cost_more_with_history(api, world, path):
    """Of years of rates the newest, and of all benchmarks what they come to."""
    counts = []
    for start, end in ((1, 3), (3, 20)):
        fill(world, start, end)
        with CaptureQueriesContext(connection) as seen:
            assert api.get(f"/api/v1/{path}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_page_has_an_upper_size(api):
    """Nobody gets the whole table in one answer."""
    Grade.objects.bulk_create(Grade(name=f"g{n}", rank=n) for n in range(230))
    sizes = {
        asked: len(api.get("/api/v1/finance/grades/", {"page_size": asked}).json()["results"])
        for asked in ("", "10", "1000")
    }
    assert sizes == {"": 50, "10": 10, "1000": 200}
