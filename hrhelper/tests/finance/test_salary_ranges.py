"""Salary ranges: a range and what is derived from it change together or not at all."""

from decimal import Decimal

import pytest

from apps.finance.models import CurrencyRate, Grade, SalaryAmount, SalaryRange
from apps.vacancies.models import Vacancy

RANGES = "/api/v1/finance/salary-ranges/"
pytestmark = pytest.mark.django_db


def body(world, **changes):
    return {
        "vacancy": world.vacancy.id,
        "grade": world.free_grade.id,
        "min_usd": "1000.01",
        "max_usd": "2000.02",
        **changes,
    }


def amounts_of(answer):
    return {one["currency"]: (one["minimum"], one["maximum"]) for one in answer.json()["amounts"]}


def test_new_range_has_its_amounts_and_midpoint(api, world):
    """By the bank's quotation: 10 PLN cost 8.31 BYN."""
    answer = api.post(RANGES, body(world))
    assert answer.status_code == 201
    assert answer.json()["midpoint_usd"] == "1500.02"
    assert amounts_of(answer) == {
        "BYN": ("3270.03", "6540.07"),
        "EUR": ("918.55", "1837.10"),
        "PLN": ("3935.06", "7870.11"),
    }


def test_change_of_a_range_derives_it_anew(api, world):
    """Old amounts beside a new range would be a wrong offer."""
    made = api.post(RANGES, body(world)).json()["id"]
    answer = api.patch(f"{RANGES}{made}/", {"min_usd": "2000.00"})
    assert answer.status_code == 200
    assert amounts_of(answer)["BYN"] == ("6540.00", "6540.07")
    assert answer.json()["midpoint_usd"] == "2000.01"
    assert amounts_of(api.get(f"{RANGES}{made}/")) == amounts_of(answer)


@pytest.mark.parametrize("currency", ["USD", "PLN", "EUR"])
def test_missing_rate_is_422_and_nothing_is_written(api, world, currency):
    """Not a range without amounts, and not some of the amounts."""
    CurrencyRate.objects.filter(currency=currency).delete()
    answer = api.post(RANGES, body(world))
    assert answer.status_code == 422
    assert answer.json()["error"] == {
        "code": "missing_rate",
        "message": f"There is no rate for {currency}.",
        "details": {},
    }
    assert not SalaryRange.objects.filter(grade=world.free_grade).exists()
    assert not SalaryAmount.objects.exists()
    answer = api.patch(f"{RANGES}{world.salary_range.id}/", {"max_usd": "9000"})
    assert answer.status_code == 422
    world.salary_range.refresh_from_db()
    assert world.salary_range.max_usd == Decimal(2001)


def test_vacancy_has_one_range_a_grade(api, world):
    """Two answers to one question are none."""
    answer = api.post(RANGES, body(world, grade=world.grade.id))
    assert answer.status_code == 400


@pytest.mark.parametrize("changes", [{"max_usd": "1000.00"}, {"min_usd": "-1"}])
def test_range_goes_upwards_from_zero(api, world, changes):
    """The form is told which field is wrong."""
    answer = api.post(RANGES, body(world, **changes))
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == set(changes)


def test_ranges_sort_by_rank_and_not_by_name(api, world):
    """An Intern is below a Lead although I comes before L; so is a Trainee, whose T does not."""
    trainee = Grade.objects.create(name="Trainee", rank=1)
    api.post(RANGES, body(world, grade=trainee.id))
    api.post(RANGES, body(world))
    found = [one["grade"] for one in api.get(RANGES).json()["results"]]
    assert found == [trainee.id, world.grade.id, world.free_grade.id]


def test_update_goes_through_all_ranges_in_parts(api, world, monkeypatch):
    """New rates reach every range, without a request that lasts for minutes."""
    monkeypatch.setattr("apps.finance.views.salary_ranges.RANGES_A_REQUEST", 2)
    for number in range(4):
        vacancy = Vacancy.objects.create(external_id=f"v{number}", name="x")
        api.post(RANGES, body(world, vacancy=vacancy.id))
    CurrencyRate.objects.filter(currency="USD").update(rate=Decimal("4"))
    counts, after = [], 0
    while after is not None:
        answer = api.post(f"{RANGES}update-currency-amounts/", {"after": after})
        assert answer.status_code == 200
        counts.append(answer.json()["updated"])
        after = answer.json()["next"]
    assert counts == [2, 2, 1]
    for one in SalaryRange.objects.all():
        assert one.amounts.get(currency="BYN").minimum == one.min_usd * 4


def test_update_without_a_rate_is_422(api, world):
    """Never a silent skip."""
    CurrencyRate.objects.filter(currency="EUR").delete()
    answer = api.post(f"{RANGES}update-currency-amounts/", {})
    assert answer.status_code == 422


def test_stats_tell_how_far_ranges_reach(api, world):
    """And have no numbers to tell where there are no ranges."""
    assert api.get(f"{RANGES}stats/").json() == {
        "count": 1,
        "lowest": "1000.00",
        "highest": "2001.00",
    }
    SalaryRange.objects.all().delete()
    assert api.get(f"{RANGES}stats/").json() == {"count": 0, "lowest": None, "highest": None}


def test_change_in_the_admin_lets_the_worker_derive_anew(admin_client, api, world):
    """The admin's form knows nothing of rates, and must not leave old amounts behind."""
    one = world.salary_range
    api.patch(f"{RANGES}{one.id}/", {"max_usd": "3000"})
    assert one.amounts.count() == 3
    form = {"vacancy": one.vacancy_id, "grade": one.grade_id, "min_usd": "10", "max_usd": "20"}
    answer = admin_client.post(f"/admin/finance/salaryrange/{one.id}/change/", form)
    assert answer.status_code == 302
    assert not one.amounts.exists()
