"""Settings of benchmarks: one row, which counts in averages and limits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.finance.models import Benchmark, BenchmarkSettings

SETTINGS = "/api/v1/finance/benchmark-settings/"
BENCHMARKS = "/api/v1/finance/benchmarks/"
BODY = {"type": "vacancy", "vacancy_name": "Analyst", "salary_from": "100.50"}
pytestmark = pytest.mark.django_db


def test_defaults_are_there_before_anybody_has_set_anything(api):
    """And reading them writes nothing."""
    read = api.get(SETTINGS).json()
    del read["updated_at"]
    assert read == {
        "period_days": 90,
        "tax_percent": "0.00",
        "prompt": "",
        "daily_candidates": 0,
        "daily_vacancies": 0,
    }
    assert not BenchmarkSettings.objects.exists()


def test_there_is_one_row_however_often_it_is_set(api):
    """A second row would be settings that nobody knows of."""
    for days in (30, 60):
        assert api.patch(SETTINGS, {"period_days": days}).json()["period_days"] == days
    assert BenchmarkSettings.objects.count() == 1
    with pytest.raises(IntegrityError):
        BenchmarkSettings.objects.create(id=2)


@pytest.mark.parametrize(
    "wrong",
    [{"period_days": 0}, {"tax_percent": "100"}, {"tax_percent": "-1"}, {"daily_candidates": -1}],
)
def test_wrong_setting_is_named(api, wrong):
    """A tax of everything leaves no average to reckon with."""
    answer = api.patch(SETTINGS, wrong)
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == set(wrong)


def test_period_and_tax_count_in_the_averages(api):
    """Last year's wishes say little of today's market."""
    for amount, days in (("1000", 1), ("3000", 40)):
        made = api.post(BENCHMARKS, BODY | {"salary_from": amount}).json()["id"]
        moment = timezone.now() - timedelta(days=days)
        Benchmark.objects.filter(id=made).update(created_at=moment)
    api.patch(SETTINGS, {"tax_percent": "20"})
    row = {"type": "vacancy", "count": 2, "average": "2000.00", "average_gross": "2500.00"}
    assert api.get(f"{BENCHMARKS}stats/").json() == [row]
    api.patch(SETTINGS, {"period_days": 30})
    row = {"type": "vacancy", "count": 1, "average": "1000.00", "average_gross": "1250.00"}
    assert api.get(f"{BENCHMARKS}stats/").json() == [row]


def test_daily_limit_is_one_of_the_type_and_of_the_day(api):
    """422 with its own code; yesterday's and the other type's do not count."""
    api.patch(SETTINGS, {"daily_vacancies": 2})
    old = Benchmark.objects.create(type="vacancy", vacancy_name="x", salary_from=Decimal(1))
    Benchmark.objects.filter(id=old.id).update(created_at=timezone.now() - timedelta(days=1))
    assert [api.post(BENCHMARKS, BODY).status_code for _ in range(3)] == [201, 201, 422]
    assert api.post(BENCHMARKS, BODY).json()["error"]["code"] == "daily_limit"
    assert api.post(BENCHMARKS, BODY | {"type": "candidate"}).status_code == 201
