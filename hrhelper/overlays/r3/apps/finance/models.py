"""Grades, currencies, taxes, salary ranges and the market's benchmarks."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

CURRENCIES = [("BYN", "BYN"), ("USD", "USD"), ("PLN", "PLN"), ("EUR", "EUR")]
DERIVED_CURRENCIES = ("BYN", "PLN", "EUR")


class Grade(models.Model):
    """A level of seniority. Ranges sort by rank, never by name."""

    name = models.CharField(max_length=60, unique=True)
    rank = models.PositiveIntegerField()

    class Meta:
        ordering = ("rank", "id")

    def __str__(self) -> str:
        return self.name


class CurrencyRate(models.Model):
    """What `scale` units cost in BYN at a moment."""

    currency = models.CharField(max_length=3, choices=CURRENCIES)
    rate = models.DecimalField(max_digits=12, decimal_places=6)
    scale = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ("-fetched_at", "-id")
        get_latest_by = "fetched_at"

    def __str__(self) -> str:
        return f"{self.scale} {self.currency} = {self.rate} BYN"


class PlnTax(models.Model):
    """A Polish tax or contribution, in percent."""

    name = models.CharField(max_length=120, unique=True)
    rate = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SalaryRange(models.Model):
    """What a vacancy pays at a grade, in USD; other currencies are derived from it."""

    vacancy = models.ForeignKey("vacancies.Vacancy", models.CASCADE, related_name="salary_ranges")
    grade = models.ForeignKey(Grade, models.PROTECT, related_name="salary_ranges")
    min_usd = models.DecimalField(max_digits=12, decimal_places=2)
    max_usd = models.DecimalField(max_digits=12, decimal_places=2)
    midpoint_usd = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("grade__rank", "id")
        constraints = [
            models.UniqueConstraint(fields=["vacancy", "grade"], name="one_range_a_grade"),
            models.CheckConstraint(
                condition=models.Q(max_usd__gte=models.F("min_usd")), name="min_to_max"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.min_usd}-{self.max_usd} USD"

    def save(self, *args, **kwargs) -> None:
        self.midpoint_usd = (self.min_usd + self.max_usd) / 2
        super().save(*args, **kwargs)


class SalaryAmount(models.Model):
    """A salary range in a derived currency, with the rates of the moment."""

    salary_range = models.ForeignKey(SalaryRange, models.CASCADE, related_name="amounts")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    minimum = models.DecimalField(max_digits=14, decimal_places=2)
    maximum = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ("currency",)
        constraints = [
            models.UniqueConstraint(fields=["salary_range", "currency"], name="one_amount_each")
        ]

    def __str__(self) -> str:
        return f"{self.minimum}-{self.maximum} {self.currency}"


class Benchmark(models.Model):
    """What the market pays: a candidate's wish or somebody's vacancy."""

    type = models.CharField(
        max_length=10, choices=[("candidate", "candidate"), ("vacancy", "vacancy")]
    )
    vacancy_name = models.CharField(max_length=200)
    grade = models.ForeignKey(Grade, models.PROTECT, null=True, blank=True)
    salary_from = models.DecimalField(max_digits=12, decimal_places=2)
    salary_to = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    location = models.CharField(max_length=120, blank=True)
    work_format = models.CharField(max_length=20, blank=True)
    technologies = models.CharField(max_length=300, blank=True)
    hh_vacancy_id = models.CharField(max_length=32, unique=True, null=True, blank=True)  # noqa: DJ001
    notes = models.TextField(blank=True)
    origin = models.CharField(max_length=60, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["type", "is_active"], name="benchmark_kind")]

    def __str__(self) -> str:
        return f"{self.vacancy_name}: {self.salary_from}"
