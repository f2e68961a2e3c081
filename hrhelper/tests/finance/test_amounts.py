"""The worker derives amounts in small transactions, of ranges as they are."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.finance.derived import background_work
from apps.finance.models import CurrencyRate, Grade, SalaryAmount, SalaryRange
from apps.vacancies.models import Vacancy
from logic.base.errors import MissingRateError
from logic.finance import amounts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ranges(rates):
    """More than two batches of ranges without amounts."""
    grade = Grade.objects.create(name="Middle", rank=3)
    vacancies = [Vacancy(external_id=str(n), name=str(n)) for n in range(2 * amounts.BATCH + 20)]
    Vacancy.objects.bulk_create(vacancies)
    SalaryRange.objects.bulk_create(
        SalaryRange(vacancy=one, grade=grade, min_usd=Decimal(n), max_usd=Decimal(n + 1))
        for n, one in enumerate(Vacancy.objects.all())
    )


def test_round_holds_the_write_lock_once_and_for_a_bounded_number_of_rows(ranges):
    """Whatever the table's size, a visitor's write waits for one small batch."""
    done = []
    while not done or done[-1]:
        before = SalaryAmount.objects.count()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            done.append(background_work())
        begun = [one["sql"] for one in seen.captured_queries if one["sql"].startswith("BEGIN")]
        assert len(begun) == (1 if done[-1] else 0)
        assert SalaryAmount.objects.count() - before == 3 * done[-1]
    assert done == [amounts.BATCH, amounts.BATCH, 20, 0]


def test_reading_what_waits_is_done_before_the_lock(ranges):
    """The search through the whole table must not be paid for by writers."""
    with CaptureQueriesContext(connection) as seen:
        background_work()
    statements = [one["sql"] for one in seen.captured_queries]
    begin = next(n for n, sql in enumerate(statements) if sql.startswith("BEGIN"))
    searches = [n for n, sql in enumerate(statements) if f"LIMIT {amounts.BATCH}" in sql]
    assert searches
    assert max(searches) < begin


def test_range_that_changes_meanwhile_is_derived_as_it_is_now(ranges, monkeypatch):
    """A user's change between the worker's look and its write must not be undone."""
    changed = SalaryRange.objects.order_by("id").first()
    real = amounts.latest_rates

    def slow():
        SalaryRange.objects.filter(id=changed.id).update(max_usd=Decimal(5000))
        return real()

    monkeypatch.setattr(amounts, "latest_rates", slow)
    background_work()
    assert changed.amounts.get(currency="BYN").maximum == Decimal("16350.00")


def test_amounts_that_came_meanwhile_are_left_alone(ranges, monkeypatch):
    """Whoever derived them knew the range and the rates of that moment."""
    first = SalaryRange.objects.order_by("id").first()
    real = amounts.latest_rates

    def slow():
        SalaryAmount.objects.create(
            salary_range=first,
            currency="BYN",
            minimum=Decimal(1),
            maximum=Decimal(2),
            rates_of=CurrencyRate.objects.latest().fetched_at,
        )
        return real()

    monkeypatch.setattr(amounts, "latest_rates", slow)
    assert background_work() == amounts.BATCH - 1
    assert first.amounts.get().maximum == Decimal(2)


def test_missing_rate_stops_the_worker_with_nothing_written(ranges):
    """Some currencies of some ranges would look like all of them."""
    CurrencyRate.objects.filter(currency="EUR").delete()
    with pytest.raises(MissingRateError):
        background_work()
    assert not SalaryAmount.objects.exists()
