"""Money is exact to the cent, whatever the amounts and rates."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.base.errors import MissingRateError
from logic.base.money import (
    Rate,
    TaxesTooHighError,
    UnusableRateError,
    convert,
    gross_of,
    midpoint,
    net_of,
)

amounts = st.decimals(0, 999_999_999_999, places=2)
rates = st.builds(
    Rate,
    currency=st.just("USD"),
    rate=st.decimals("0.000001", "999999.999999", places=6),
    scale=st.sampled_from((1, 10, 100, 1000)),
)
taxes = st.lists(st.decimals(0, 30, places=2), max_size=3)


def half_up(exact: Fraction) -> Decimal:
    """The cent nearest to an exact value that is not negative; the upper one of two."""
    return Decimal((exact * 100 + Fraction(1, 2)).__floor__()) / 100


@given(amounts, rates, rates)
def test_conversion_is_the_exact_quotient_rounded_once(amount, one, other):
    """A cent lost in an intermediate rounding is a wrong offer to a candidate."""
    exact = Fraction(amount) * Fraction(one.rate) / one.scale / (Fraction(other.rate) / other.scale)
    assert convert(amount, "USD", "PLN", {"USD": one, "PLN": other}) == half_up(exact)


@given(amounts, rates)
def test_conversion_to_the_home_currency_honours_the_scale(amount, rate):
    """The bank quotes 10 PLN or 100 RUB, not one."""
    exact = Fraction(amount) * Fraction(rate.rate) / rate.scale
    assert convert(amount, "USD", "BYN", {"USD": rate}) == half_up(exact)


@given(amounts, amounts, rates, rates)
def test_more_is_never_converted_to_less(one, other, source, target):
    """Ranges keep their order in every currency: no range ends below its start."""
    known = {"USD": source, "PLN": target}
    low, high = (convert(amount, "USD", "PLN", known) for amount in sorted((one, other)))
    assert low <= high


@given(amounts, rates, rates)
def test_way_there_and_back_loses_what_rounding_takes_and_no_more(amount, one, other):
    """Half a cent there, reckoned back, and half a cent again."""
    known = {"USD": one, "PLN": other}
    back = convert(convert(amount, "USD", "PLN", known), "PLN", "USD", known)
    cent_back = Fraction(other.rate) / other.scale / (Fraction(one.rate) / one.scale) / 100
    assert abs(Fraction(back) - Fraction(amount)) <= cent_back / 2 + Fraction(1, 200)


@given(amounts, st.sampled_from(("USD", "PLN", "EUR")), st.sampled_from(("USD", "PLN", "EUR")))
def test_missing_rate_is_an_error_in_every_pair(amount, source, target):
    """Whichever of the two is missing; an amount in its own currency needs none."""
    if source == target:
        assert convert(amount, source, target, {}) == amount
        return
    for known in (source, target):
        with pytest.raises(MissingRateError):
            convert(amount, source, target, {known: Rate(known, Decimal(3), 1)})


@given(amounts, amounts)
def test_midpoint_is_rounded_half_up(low, high):
    """The data migration and the model must agree on the odd cent."""
    assert midpoint(low, high) == half_up((Fraction(low) + Fraction(high)) / 2)


@given(amounts, taxes)
def test_net_of_gross_gives_the_net_back(net, active):
    """Whoever asks for the gross of a net is paid exactly that net."""
    assert net_of(gross_of(net, active), active) == net


@given(amounts, taxes)
def test_gross_and_net_are_the_exact_quotient_and_product_rounded_once(amount, active):
    """With the rates summed before anything is rounded."""
    left = 1 - sum(map(Fraction, active), Fraction(0)) / 100
    assert gross_of(amount, active) == half_up(Fraction(amount) / left)
    assert net_of(amount, active) == half_up(Fraction(amount) * left)


@given(amounts, taxes)
def test_gross_is_never_below_net(amount, active):
    """Taxes take, they do not give."""
    assert gross_of(amount, active) >= amount >= net_of(amount, active)


@pytest.mark.parametrize("calculate", [gross_of, net_of])
@pytest.mark.parametrize("active", ["100", "120"])
def test_taxes_of_everything_are_refused(calculate, active):
    """Neither a division by zero nor a negative salary."""
    with pytest.raises(TaxesTooHighError):
        calculate(Decimal(1000), [Decimal(active)])


def test_missing_rate_is_an_error():
    """A skipped currency would look like a currency that nobody pays in."""
    with pytest.raises(MissingRateError):
        convert(Decimal(1), "USD", "PLN", {"USD": Rate("USD", Decimal(3), 1)})


def test_rate_of_zero_is_an_error():
    """The admin's form lets a zero in; it must not become a division by zero."""
    with pytest.raises(UnusableRateError):
        convert(Decimal(1), "BYN", "PLN", {"PLN": Rate("PLN", Decimal(0), 1)})
