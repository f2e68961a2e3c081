"""Money as Decimal: conversion, gross and net."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from logic.base.errors import DomainError, MissingRateError

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
HOME_CURRENCY = "BYN"


@dataclass(frozen=True)
class Rate:
    """What `scale` units of a currency cost in BYN, as the National Bank publishes it."""

    currency: str
    rate: Decimal
    scale: int


def convert(
    amount: Decimal, source: str, target: str, rates: dict[str, Rate], places: Decimal = CENT
) -> Decimal:
    """The amount in another currency, rounded half up. Raises MissingRateError."""
    if source == target:
        return amount.quantize(places, ROUND_HALF_UP)
    home = amount * _per_unit(source, rates)
    return (home / _per_unit(target, rates)).quantize(places, ROUND_HALF_UP)


def _per_unit(currency: str, rates: dict[str, Rate]) -> Decimal:
    if currency == HOME_CURRENCY:
        return Decimal(1)
    try:
        rate = rates[currency]
    except KeyError:
        raise MissingRateError(f"There is no rate for {currency}.") from None
    return rate.rate / rate.scale


def gross_of(net: Decimal, tax_rates: Iterable[Decimal]) -> Decimal:
    """Gross from net: net / (1 - the sum of the rates, in percent). Raises DomainError."""
    share = 1 - sum(tax_rates, Decimal(0)) / HUNDRED
    if share <= 0:
        raise DomainError("The active taxes add up to 100 % or more.")
    return (net / share).quantize(CENT, ROUND_HALF_UP)


def net_of(gross: Decimal, tax_rates: Iterable[Decimal]) -> Decimal:
    """Net from gross, with the rates in percent."""
    share = 1 - sum(tax_rates, Decimal(0)) / HUNDRED
    return (gross * share).quantize(CENT, ROUND_HALF_UP)
