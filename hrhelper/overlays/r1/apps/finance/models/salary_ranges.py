"""What vacancies pay."""

from django.db import models

from apps.finance.models.grades import Grade


class SalaryRange(models.Model):
    """What a vacancy pays at a grade, in USD."""

    vacancy = models.ForeignKey("vacancies.Vacancy", models.CASCADE, related_name="salary_ranges")
    grade = models.ForeignKey(Grade, models.PROTECT, related_name="salary_ranges")
    min_usd = models.DecimalField(max_digits=12, decimal_places=2)
    max_usd = models.DecimalField(max_digits=12, decimal_places=2)
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

    def complete(self) -> None:
        """Nothing follows from the other fields."""
