"""What lists can be narrowed down by."""

from decimal import Decimal

import pytest

from apps.finance.models import Benchmark, Grade, SalaryRange

pytestmark = pytest.mark.django_db
FINANCE = "/api/v1/finance/"


def found(api, path, **query):
    answer = api.get(f"{FINANCE}{path}/", query)
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ({"type": "candidate"}, True), ({"type": "vacancy"}, False),
        ({"vacancy_name": "EST"}, True), ({"vacancy_name": "driver"}, False),
        ({"location": "minsk"}, True), ({"location": "Min"}, False),
        ({"salary_from_least": "900"}, True), ({"salary_from_least": "900.01"}, False),
        ({"salary_from_most": "900"}, True), ({"salary_from_most": "899"}, False),
        ({"hh_vacancy_id": "hh-1"}, True), ({"hh_vacancy_id": "hh-2"}, False),
        ({"is_active": "true"}, True), ({"is_active": "false"}, False),
    ],
)  # fmt: skip
def test_benchmarks_are_filtered(api, world, query, matches):
    """Each filter takes the one that fits and leaves the one that does not."""
    Benchmark.objects.filter(id=world.benchmark.id).update(location="Minsk")
    assert found(api, "benchmarks", **query) == ([world.benchmark.id] if matches else [])


def test_salary_ranges_are_filtered_by_what_they_pay(api, world):
    """Both ends belong to a range."""
    for amount, matches in (("1000", True), ("2001", True), ("999.99", False), ("2002", False)):
        ids = found(api, "salary-ranges", pays=amount)
        assert ids == ([world.salary_range.id] if matches else [])


def test_salary_ranges_are_filtered_by_vacancy_and_grade(api, world):
    """The two that a range is one of."""
    other = Grade.objects.create(name="Lead", rank=5)
    lead = SalaryRange.objects.create(
        vacancy=world.vacancy, grade=other, min_usd=Decimal(1), max_usd=Decimal(2)
    )
    assert found(api, "salary-ranges", grade=other.id) == [lead.id]
    assert len(found(api, "salary-ranges", vacancy=world.vacancy.id)) == 2


def test_rates_are_filtered_by_currency_and_time(api, rates):
    """From a moment on, and before another."""
    assert len(found(api, "currency-rates", currency="PLN")) == 1
    assert len(found(api, "currency-rates", since="2026-01-05T11:00:00Z")) == 3
    assert found(api, "currency-rates", until="2026-01-05T11:00:00Z") == []


@pytest.mark.parametrize(
    "moment", ["0324-11-29T10:19:31-23:34", "9999-12-31T23:59:59Z", "yesterday", "2026-13-01"]
)
def test_moment_beyond_all_time_zones_is_400(api, rates, moment):
    """At the ends of time PostgreSQL has errors of its own."""
    assert api.get(f"{FINANCE}currency-rates/", {"since": moment}).status_code == 400


def test_taxes_and_grades_are_filtered(api, world):
    """By what tells them apart."""
    assert found(api, "pln-taxes", is_active="false") == []
    assert found(api, "grades", name="Senior") == [world.grade.id]
    assert found(api, "grades", rank="9") == [world.free_grade.id]


@pytest.mark.parametrize("path", ["benchmarks/?grade=999999", "currency-rates/?currency=GBP"])
def test_filter_that_cannot_be_is_400(api, path):
    """An empty list would be taken for an answer."""
    assert api.get(f"{FINANCE}{path}").status_code == 400
