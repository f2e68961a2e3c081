"""Money as Decimal: conversion, midpoints, gross and net."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from logic.base.errors import DomainError, MissingRateError

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
HOME_CURRENCY = "BYN"
# The largest amount, rate and scale multiplied have 38 digits: with 60 the quotient before
# rounding cannot fall on the wrong side of half a cent.
DIGITS = 60


class UnusableRateError(DomainError):
    """A rate that is not above zero cannot be divided by."""

    code = "unusable_rate"


class TaxesTooHighError(DomainError):
    """With 100 % of taxes or more nothing is left of any gross amount."""

    code = "taxes_too_high"


@dataclass(frozen=True)
class Rate:
    """What `scale` units of a currency cost in BYN, as the National Bank publishes it."""

    currency: str
    rate: Decimal
    scale: int


HOME_RATE = Rate(HOME_CURRENCY, Decimal(1), 1)


def convert(amount: Decimal, source: str, target: str, rates: Mapping[str, Rate]) -> Decimal:
    """The amount in another currency, exact and then rounded half up to a cent.

    Raises MissingRateError, UnusableRateError.
    """
    if source == target:
        return cents(amount)
    one, other = _rate_of(source, rates), _rate_of(target, rates)
    with localcontext(prec=DIGITS):
        return cents(amount * one.rate * other.scale / (one.scale * other.rate))


def midpoint(low: Decimal, high: Decimal) -> Decimal:
    """Half-way between two amounts."""
    return cents((low + high) / 2)


def gross_of(net: Decimal, tax_rates: Iterable[Decimal]) -> Decimal:
    """Gross from net: net / (1 - the sum of the rates, in percent). Raises TaxesTooHighError."""
    return cents(net / _share_left(tax_rates))


def net_of(gross: Decimal, tax_rates: Iterable[Decimal]) -> Decimal:
    """Net from gross, with the rates in percent. Raises TaxesTooHighError."""
    return cents(gross * _share_left(tax_rates))


def _rate_of(currency: str, rates: Mapping[str, Rate]) -> Rate:
    if currency == HOME_CURRENCY:
        return HOME_RATE
    try:
        found = rates[currency]
    except KeyError:
        raise MissingRateError(f"There is no rate for {currency}.") from None
    if found.rate <= 0 or found.scale < 1:
        raise UnusableRateError(f"The rate of {currency} is not above zero.")
    return found


def _share_left(tax_rates: Iterable[Decimal]) -> Decimal:
    share = 1 - sum(tax_rates, Decimal(0)) / HUNDRED
    if share <= 0:
        raise TaxesTooHighError("The active taxes add up to 100 % or more.")
    return share


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to whole cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)
