"""Clients, and one row of everything."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from apps.accounts.roles import Role, grant
from apps.finance.models import Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange
from apps.interviewers.models import Interview, Interviewer
from apps.vacancies.models import Vacancy
from tests.servers.bank import open_bank

# How long an example takes says something of the machine, and nothing of what is tested.
hypothesis_settings.register_profile(
    "tests", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("tests")

_LONG = ("huntflow/test_processes.py", "releases/")
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """What takes long begins first, or one process is at work when the others have ended."""
    items.sort(key=lambda item: not item.path.relative_to(_HERE).as_posix().startswith(_LONG))


@pytest.fixture(autouse=True)
def nothing_counted():
    """Failed logins of the test before are not held against this one."""
    cache.clear()


@pytest.fixture
def anonymous():
    return APIClient(raise_request_exception=False)


@pytest.fixture
def user(db):
    """An administrator."""
    made = User.objects.create(username="olga", first_name="Olga", last_name="Novik")
    grant(made, Role.ADMINISTRATOR)
    return made


@pytest.fixture
def token(user):
    return Token.objects.create(user=user).key


@pytest.fixture
def api(token):
    """A client that is logged in by a real token, as customers are."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture
def rates(db):
    moment = datetime(2026, 1, 5, 11, tzinfo=UTC)
    for currency, rate, scale in (("USD", "3.27", 1), ("EUR", "3.56", 1), ("PLN", "8.31", 10)):
        CurrencyRate.objects.create(
            currency=currency, rate=Decimal(rate), scale=scale, fetched_at=moment
        )


@pytest.fixture
def bank(settings):
    """The bank that rates are fetched from."""
    with open_bank() as opened:
        settings.BANK_URL = opened.url
        yield opened


@pytest.fixture
def world(rates):
    """One row of everything, by the last word of its address."""
    grade = Grade.objects.create(name="Senior", rank=4)
    vacancy = Vacancy.objects.create(external_id="one", name="Tester", recruiter="olga")
    interviewer = Interviewer.objects.create(name="Ida", email="ida@example.org")
    return SimpleNamespace(
        grade=grade,
        vacancy=vacancy,
        free_grade=Grade.objects.create(name="Free", rank=9),
        rate=CurrencyRate.objects.first(),
        tax=PlnTax.objects.create(name="Income tax", rate=Decimal("12.00")),
        salary_range=SalaryRange.objects.create(
            vacancy=vacancy, grade=grade, min_usd=Decimal(1000), max_usd=Decimal(2001)
        ),
        interviewer=interviewer,
        interview=Interview.objects.create(
            interviewer=interviewer,
            vacancy=vacancy,
            starts_at=CurrencyRate.objects.first().fetched_at,
        ),
        benchmark=Benchmark.objects.create(
            type="candidate", vacancy_name="Tester", salary_from=Decimal(900), hh_vacancy_id="hh-1"
        ),
    )
