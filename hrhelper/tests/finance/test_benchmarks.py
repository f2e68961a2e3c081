"""Benchmarks of the market."""

from decimal import Decimal

import pytest

from apps.finance.models import Benchmark

BENCHMARKS = "/api/v1/finance/benchmarks/"
BODY = {"type": "vacancy", "vacancy_name": "Analyst", "salary_from": "100.50"}
pytestmark = pytest.mark.django_db


def test_every_field_comes_back_as_it_was_given(api, world):
    """Also after it was read again."""
    given = BODY | {
        "grade": world.grade.id,
        "salary_to": "200.00",
        "location": "Minsk",
        "work_format": "remote",
        "technologies": "python, django",
        "hh_vacancy_id": "hh-2",
        "notes": "Ёлки и 漢字",
        "is_active": False,
    }
    made = api.post(BENCHMARKS, given)
    assert made.status_code == 201
    read = api.get(f"{BENCHMARKS}{made.json()['id']}/").json()
    assert {name: read[name] for name in given} == given


def test_id_of_the_job_board_is_unique_when_given(api, world):
    """The same vacancy counted twice bends the averages; many have no such id at all."""
    assert api.post(BENCHMARKS, BODY | {"hh_vacancy_id": "hh-1"}).status_code == 400
    for _ in range(2):
        answer = api.post(BENCHMARKS, BODY | {"hh_vacancy_id": ""})
        assert answer.status_code == 201
        assert answer.json()["hh_vacancy_id"] is None


@pytest.mark.parametrize("wrong", [{"salary_to": "100"}, {"salary_from": "-1"}, {"type": "x"}])
def test_wrong_field_is_named(api, wrong):
    """A negative salary or one that ends below its start is a typing error."""
    answer = api.post(BENCHMARKS, BODY | wrong)
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == set(wrong)


def test_stats_are_of_active_ones_by_type(api):
    """And whole cents."""
    for kind, amount, active in (
        ("vacancy", "10", True), ("vacancy", "20", True), ("vacancy", "20", True),
        ("vacancy", "9000", False), ("candidate", "7.77", True),
    ):  # fmt: skip
        Benchmark.objects.create(
            type=kind, vacancy_name="x", salary_from=Decimal(amount), is_active=active
        )
    assert api.get(f"{BENCHMARKS}stats/").json() == [
        {"type": "candidate", "count": 1, "average": "7.77", "average_gross": "7.77"},
        {"type": "vacancy", "count": 3, "average": "16.67", "average_gross": "16.67"},
    ]
