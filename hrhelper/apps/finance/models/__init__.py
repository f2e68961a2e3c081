"""Grades, currencies, taxes, salary ranges and the market's benchmarks."""

from apps.finance.models.benchmark_settings import BenchmarkSettings
from apps.finance.models.benchmarks import Benchmark
from apps.finance.models.currencies import CURRENCIES, CurrencyRate
from apps.finance.models.grades import Grade
from apps.finance.models.salary_ranges import DERIVED_CURRENCIES, SalaryAmount, SalaryRange
from apps.finance.models.taxes import PlnTax

__all__ = [
    "CURRENCIES",
    "DERIVED_CURRENCIES",
    "Benchmark",
    "BenchmarkSettings",
    "CurrencyRate",
    "Grade",
    "PlnTax",
    "SalaryAmount",
    "SalaryRange",
]
