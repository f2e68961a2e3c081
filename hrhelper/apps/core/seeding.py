"""Example data: deterministic, quick, as much as is asked for."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.finance.models import Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange
from apps.vacancies.models import Vacancy

GRADES = ("Intern", "Junior", "Middle", "Senior", "Lead", "Principal")
RATES = (("USD", "3.270000", 1), ("EUR", "3.560000", 1), ("PLN", "8.310000", 10))
TAXES = (("Social insurance", "13.71"), ("Health insurance", "9.00"), ("Income tax", "12.00"))
ROLES = ("Backend developer", "Recruiter", "Tester", "Analyst", "Designer", "Manager")
CITIES = ("Minsk", "Warsaw", "Vilnius", "Gomel", "Brest", "Remote")
WORDS = ("python", "django", "react", "kafka", "team", "salary", "remote", "growth", "bonus")
BATCH = 2000


def seed(rows: int, number: int, text_bytes: int) -> None:
    """About `rows` rows, the same for the same `number`; notes of `text_bytes` bytes each."""
    chance = random.Random(number)
    with transaction.atomic():
        grades = [Grade.objects.get_or_create(name=n, defaults={"rank": r})[0]
                  for r, n in enumerate(GRADES, start=1)]  # fmt: skip
        for name, rate in TAXES:
            PlnTax.objects.get_or_create(name=name, defaults={"rate": Decimal(rate)})
        moment = datetime(2026, 1, 5, 11, tzinfo=UTC)
        for currency, rate, scale in RATES:
            CurrencyRate.objects.get_or_create(
                currency=currency,
                fetched_at=moment,
                defaults={"rate": Decimal(rate), "scale": scale},
            )
    vacancies = max(1, rows // 5)
    # A second run finds its vacancies and ranges there already.
    _in_batches(Vacancy, _vacancies(chance, vacancies, number), ignore_conflicts=True)
    ids = list(Vacancy.objects.order_by("id").values_list("id", flat=True)[:vacancies])
    _in_batches(SalaryRange, _ranges(chance, ids, grades), ignore_conflicts=True)
    _in_batches(Benchmark, _benchmarks(chance, max(0, rows - 2 * vacancies), grades, text_bytes))


def _in_batches(model: Any, objects: Iterator[Any], *, ignore_conflicts: bool = False) -> None:
    batch = []
    for one in objects:
        batch.append(one)
        if len(batch) == BATCH:
            model.objects.bulk_create(batch, ignore_conflicts=ignore_conflicts)
            batch = []
    model.objects.bulk_create(batch, ignore_conflicts=ignore_conflicts)


def _vacancies(chance: random.Random, count: int, number: int) -> Iterator[Vacancy]:
    for index in range(count):
        role = chance.choice(ROLES)
        one = Vacancy(
            external_id=f"seed-{number}-{index}",
            name=f"{role} {index}",
            recruiter=f"Recruiter {chance.randrange(12)}",
            invite_title=f"We invite you: {role}",
        )
        one.complete()
        yield one


def _ranges(chance: random.Random, vacancies: list[int], grades: list[Grade]) -> Iterator[Any]:
    for vacancy in vacancies:
        low = Decimal(chance.randrange(500, 6000))
        one = SalaryRange(
            vacancy_id=vacancy,
            grade=chance.choice(grades),
            min_usd=low,
            max_usd=low + chance.randrange(100, 2000),
        )
        one.complete()
        yield one


def _benchmarks(
    chance: random.Random, count: int, grades: list[Grade], text_bytes: int
) -> Iterator[Benchmark]:
    for index in range(count):
        yield Benchmark(
            type=chance.choice(("candidate", "vacancy")),
            vacancy_name=f"{chance.choice(ROLES)} {index}",
            grade=chance.choice(grades),
            salary_from=Decimal(chance.randrange(500, 7000)),
            technologies=", ".join(chance.sample(WORDS, 3)),
            notes=_text(chance, text_bytes),
        )


def _text(chance: random.Random, size: int) -> str:
    """Half words, half letters that do not compress, as real notes lie between the two."""
    if size <= 0:
        return chance.choice(WORDS)
    words = " ".join(chance.choices(WORDS, k=size // 14))
    return (words + " " + chance.randbytes(size // 4 + 1).hex())[:size]
