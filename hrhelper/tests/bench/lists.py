"""How long each list takes over 100,000 rows: `make bench-lists`.

Not collected with the tests: a time on a busy machine says nothing of the application.
"""

import statistics
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from apps.core.seeding import seed
from apps.finance.models import Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange
from apps.gemini.models import Analysis, ChatSession
from apps.huntflow import models as huntflow
from apps.interviewers.models import Interview, Interviewer
from apps.vacancies.models import Vacancy
from logic.finance.amounts import update_from

ROWS = 100_000
BATCH = 2000
REPEATS = 15
LONGEST_MEDIAN_MS = 100
DAY = "2026-03-02"

LISTS = (
    "finance/grades/",
    "finance/currency-rates/",
    "finance/currency-rates/?currency=PLN",
    "finance/currency-rates/latest/",
    "finance/pln-taxes/",
    "finance/salary-ranges/",
    "finance/salary-ranges/?pays=3000",
    "finance/salary-ranges/?page=1900",
    "finance/benchmarks/",
    "finance/benchmarks/?type=vacancy&is_active=true",
    "finance/benchmarks/?vacancy_name=tester",
    "finance/benchmarks/?page=1900",
    "finance/benchmarks/stats/",
    "vacancies/",
    "vacancies/?page=1900",
    "vacancies/?is_active=false",
    "vacancies/?grade=1",
    "vacancies/my-vacancies/",
    "vacancies/search/?q=TESTER",
    "vacancies/search/?q=nothing-has-this",
    "vacancies/stats/",
    "interviewers/",
    "interviewers/?page_size=200",
    f"interviewers/available/?day={DAY}&grade=3",
    "interviewers/interviews/",
    "interviewers/interviews/?interviewer=5",
    "huntflow/vacancies/",
    "huntflow/applicants/",
    "huntflow/applicants/?q=ЁЛКИН",
    "huntflow/applicants/?q=nobody-is-called-this",
    "huntflow/applicants/?vacancy=7&status=2",
    "huntflow/applicants/?page=1900",
    "huntflow/sync/",
    "gemini/analyses/",
    "gemini/analyses/?recommendation=decline",
    "gemini/sessions/",
)


def fill():
    """100,000 rows in every list."""
    seed(ROWS * 5, 1, 0)  # every fifth row is a vacancy
    update_from(0, ROWS)
    now = timezone.now()
    _bulk(Grade(name=f"Grade {n}", rank=100 + n % 50) for n in range(ROWS))
    _bulk(PlnTax(name=f"Tax {n}", rate=Decimal(n % 3), is_active=False) for n in range(ROWS))
    _bulk(
        CurrencyRate(
            currency=("USD", "EUR", "PLN")[n % 3],
            rate=Decimal(3),
            fetched_at=now - timedelta(hours=n),
        )
        for n in range(ROWS)
    )
    _bulk(Interviewer(name=f"Person {n}", email=f"{n}@example.org") for n in range(ROWS))
    ids = list(Interviewer.objects.order_by("id").values_list("id", flat=True)[:500])
    _bulk(
        Interview(interviewer_id=ids[n % 500], starts_at=now - timedelta(minutes=n))
        for n in range(ROWS)
    )
    _fill_mirror()
    _fill_analyses()


def _fill_mirror():
    account = huntflow.Account.objects.create(external_id=1, name="x", nick="x")
    _bulk(
        huntflow.Vacancy(account=account, external_id=n, position=f"Tester {n}")
        for n in range(ROWS)
    )
    _bulk(
        huntflow.Applicant(
            account=account, external_id=n, last_name="Ёлкин", search_text=f"ёлкин ян {n} x@y.org"
        )
        for n in range(ROWS)
    )
    ids = huntflow.Applicant.objects.order_by("id").values_list("id", flat=True)
    _bulk(
        huntflow.Link(applicant_id=one, vacancy=n % 500, status=n % 5) for n, one in enumerate(ids)
    )
    _bulk(huntflow.SyncJob(state="done", is_open=None) for n in range(ROWS))


def _fill_analyses():
    user, vacancy = User.objects.get(), Vacancy.objects.first()
    _bulk(
        Analysis(
            vacancy=vacancy, user=user, score=n % 100, recommendation="invite",
            tokens_used=1, response_ms=1, summary="A candidate. " * 20,
        )
        for n in range(ROWS)
    )  # fmt: skip
    _bulk(ChatSession(user=user, title=f"Chat {n}") for n in range(ROWS))


def _bulk(objects):
    batch = list(objects)
    batch[0].__class__.objects.bulk_create(batch, batch_size=BATCH)


@pytest.mark.django_db
def test_every_list_answers_within_its_median(api):
    """The median of some requests in a row, with authentication and serialisation."""
    fill()
    for model in (Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange, Interview, Interviewer):
        assert model.objects.count() >= ROWS, model
    for model in (Vacancy, Analysis, ChatSession, huntflow.Applicant, huntflow.Vacancy):
        assert model.objects.count() >= ROWS, model
    Vacancy.objects.filter(id__lte=ROWS // 20).update(recruiter="olga")
    medians = {path: _median_ms(api, f"/api/v1/{path}") for path in LISTS}
    for path, median in sorted(medians.items(), key=lambda one: -one[1]):
        print(f"{median:8.1f} ms  {path}")
    assert {path for path, median in medians.items() if median > LONGEST_MEDIAN_MS} == set()


def _median_ms(api, path):
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        answer = api.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.content)
    return statistics.median(took)
