"""Rates come from the National Bank: all of them, or none."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.module_loading import import_string

from apps.finance.derived import background_work
from apps.finance.models import CurrencyRate, SalaryAmount
from config.schedule import SCHEDULE
from tests.servers.bank import open_bank

UPDATE = "/api/v1/finance/currency-rates/update-rates/"
LATEST = "/api/v1/finance/currency-rates/latest/"
MINSK = ZoneInfo("Europe/Minsk")
pytestmark = pytest.mark.django_db


def error_of(answer, status):
    assert answer.status_code == status
    assert not CurrencyRate.objects.exists()
    return answer.json()["error"]["code"]


def test_rates_are_stored_as_the_bank_quotes_them(api, bank):
    """In BYN for so many units; what HR Helper does not reckon with is left out."""
    answer = api.post(UPDATE)
    assert answer.status_code == 200
    assert answer.json() == [
        {"currency": "EUR", "rate": "3.402100", "scale": 1},
        {"currency": "PLN", "rate": "8.024500", "scale": 10},
        {"currency": "USD", "rate": "2.973400", "scale": 1},
    ]
    assert api.get(LATEST).json() == answer.json()
    assert CurrencyRate.objects.values("fetched_at").distinct().count() == 1
    assert bank.asked == ["/exrates/rates?periodicity=0"]


def test_newer_rates_count_and_old_ones_stay(api, bank):
    """What was offered last month can be reckoned again."""
    api.post(UPDATE)
    bank.rates["USD"] = (1, 3.1)
    api.post(UPDATE)
    assert api.get(LATEST).json()[2]["rate"] == "3.100000"
    assert CurrencyRate.objects.filter(currency="USD").count() == 2


@pytest.mark.parametrize("currency", ["USD", "EUR", "PLN"])
def test_bank_that_leaves_a_rate_out_is_422(api, bank, currency):
    """Two new rates beside an old one would be a mixture of days."""
    del bank.rates[currency]
    assert error_of(api.post(UPDATE), 422) == "missing_rate"


def test_bank_that_fails_is_502(api, bank):
    """It was asked again, and is not blamed on who asked."""
    bank.failures = [503, 503, 500]
    assert error_of(api.post(UPDATE), 502) == "api_error"
    assert len(bank.asked) == 3


def test_bank_that_stumbles_once_is_asked_again(api, bank):
    """Reading rates does nothing twice."""
    bank.failures = [503]
    assert api.post(UPDATE).status_code == 200


def test_bank_that_is_away_is_502(api, settings):
    """Nobody listens at its address."""
    with open_bank() as bank:
        settings.BANK_URL = bank.url
    assert error_of(api.post(UPDATE), 502) == "api_unreachable"


@pytest.mark.parametrize("rate", [0, -1, None, "x", float("nan"), 1e9, 1.1234567])
def test_rate_that_is_none_is_refused(api, bank, rate):
    """A rate of zero would be divided by for days."""
    bank.rates["PLN"] = (10, rate)
    assert error_of(api.post(UPDATE), 502) == "unreadable_rates"


@pytest.mark.parametrize("raw", [b"{}", b'[1, "x"]', b"null"])
def test_answer_of_another_form_is_refused(api, bank, raw):
    """The bank may change its API; that must not look like a missing rate."""
    bank.raw = raw
    assert error_of(api.post(UPDATE), 502) == "unreadable_rates"


def test_currency_that_nobody_needs_does_not_hinder(api, bank):
    """Some have been quoted without a rate."""
    bank.rates["JPY"] = (0, None)
    assert api.post(UPDATE).status_code == 200


def test_new_rates_make_the_worker_derive_anew(world, bank):
    """And once: amounts of today are left alone until tomorrow's rates."""
    assert background_work() == 1
    assert background_work() == 0
    import_string(SCHEDULE["update-rates"].call)()
    assert background_work() == 1
    assert background_work() == 0
    assert SalaryAmount.objects.get(currency="BYN").minimum == Decimal("2973.40")


@pytest.mark.parametrize(
    ("day", "due"), [(5, True), (6, True), (9, True), (10, False), (11, False), (12, True)]
)
def test_rates_are_due_twice_a_weekday(day, due):
    """At 11:00 and 16:00 in Minsk, from Monday to Friday."""
    when = SCHEDULE["update-rates"].when
    for hour in (11, 16):
        moment = datetime(2026, 1, day, hour, tzinfo=MINSK)
        before = moment.replace(hour=hour - 1, minute=59)
        assert when.is_due(None, before, moment) is due
        assert not when.is_due(moment, before, moment.replace(minute=30))
