"""Rates and conversions."""

from datetime import UTC, datetime

import pytest

from apps.finance.models import CurrencyRate

RATES = "/api/v1/finance/currency-rates/"
CONVERT = "/api/v1/finance/salary-calculations/convert/"
pytestmark = pytest.mark.django_db


def test_latest_is_the_newest_of_each_currency(api, rates):
    """Whatever the order in which they were written."""
    old = datetime(2020, 1, 1, tzinfo=UTC)
    CurrencyRate.objects.create(currency="USD", rate=2, scale=1, fetched_at=old)
    assert api.get(f"{RATES}latest/").json() == [
        {"currency": "EUR", "rate": "3.560000", "scale": 1},
        {"currency": "PLN", "rate": "8.310000", "scale": 10},
        {"currency": "USD", "rate": "3.270000", "scale": 1},
    ]


@pytest.mark.parametrize(
    ("source", "target", "result"),
    [("USD", "PLN", "393.50"), ("PLN", "USD", "25.41"), ("BYN", "EUR", "28.09"),
     ("EUR", "EUR", "100.00")],
)  # fmt: skip
def test_conversion_honours_the_scale(api, rates, source, target, result):
    """10 PLN cost 8.31 BYN, so one costs a tenth of it."""
    answer = api.post(CONVERT, {"amount": "100", "source": source, "target": target})
    assert answer.status_code == 200
    assert answer.json() == {"amount": result, "currency": target}


@pytest.mark.parametrize("pair", [("USD", "PLN"), ("PLN", "USD")])
def test_conversion_without_a_rate_is_422(api, rates, pair):
    """In either direction."""
    CurrencyRate.objects.filter(currency="PLN").delete()
    answer = api.post(CONVERT, {"amount": "100", "source": pair[0], "target": pair[1]})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "missing_rate"


@pytest.mark.parametrize(
    "wrong", [{"rate": "0"}, {"rate": "-1"}, {"scale": 0}, {"currency": "GBP"}]
)
def test_rate_that_cannot_be_divided_by_is_refused(api, wrong):
    """Where it comes in, not where it is used."""
    body = {"currency": "USD", "rate": "3.3", "scale": 1, "fetched_at": "2026-02-01T11:00:00Z"}
    answer = api.post(RATES, body | wrong)
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == set(wrong)
