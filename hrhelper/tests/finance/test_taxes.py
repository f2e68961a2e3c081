"""Gross and net with the taxes that are active."""

from decimal import Decimal

import pytest

from apps.finance.models import PlnTax

TAXES = "/api/v1/finance/pln-taxes/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def taxes():
    for name, rate, active in (("a", "13.71", True), ("b", "21.00", True), ("c", "50", False)):
        PlnTax.objects.create(name=name, rate=Decimal(rate), is_active=active)


def test_gross_and_net_use_active_taxes_and_undo_each_other(api, taxes):
    """A tax that was switched off must not lower a salary."""
    asked = api.post(f"{TAXES}calculate-gross/", {"amount": "10000"})
    assert asked.json() == {"gross": "15316.28", "net": "10000.00"}
    back = api.post(f"{TAXES}calculate-net/", {"amount": "15316.28"})
    assert back.json() == {"gross": "15316.28", "net": "10000.00"}


def test_taxes_of_everything_are_422(api, taxes):
    """There is no gross amount of which something would be left."""
    PlnTax.objects.update(is_active=True, rate=Decimal(50))
    for address in ("calculate-gross", "calculate-net"):
        answer = api.post(f"{TAXES}{address}/", {"amount": "1"})
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "taxes_too_high"


@pytest.mark.parametrize("amount", ["-1", "x", "1.001", "", "1e15"])
def test_amount_that_is_none_is_refused(api, taxes, amount):
    """With the field's name."""
    answer = api.post(f"{TAXES}calculate-net/", {"amount": amount})
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == {"amount"}
