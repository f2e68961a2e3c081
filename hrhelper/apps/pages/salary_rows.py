"""Salary ranges as rows of a table: one cell a currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.finance import derived
from apps.finance.models import SalaryRange


@dataclass(frozen=True)
class Cell:
    """The ends of a range in a currency; None where it has not been derived yet."""

    currency: str
    ends: tuple[Decimal, Decimal] | None


@dataclass(frozen=True)
class Row:
    salary_range: SalaryRange
    cells: tuple[Cell, ...]


def salary_table(ranges: Iterable[SalaryRange]) -> dict[str, Any]:
    """For the template pages/salary_table.html."""
    rows = salary_rows(ranges)
    is_underway = any(cell.ends is None for row in rows for cell in row.cells)
    return {
        "currencies": derived.SHOWN_CURRENCIES,
        "salary_rows": rows,
        "is_underway": is_underway,
    }


def salary_rows(ranges: Iterable[SalaryRange]) -> list[Row]:
    """USD first, then what this release derives; the ranges come from derived.with_amounts."""
    return [Row(one, _cells(one)) for one in ranges]


def _cells(one: SalaryRange) -> tuple[Cell, ...]:
    amounts = derived.amounts_of(one)
    others = (Cell(name, amounts.get(name)) for name in derived.SHOWN_CURRENCIES)
    return (Cell("USD", (one.min_usd, one.max_usd)), *others)
