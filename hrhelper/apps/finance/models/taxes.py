"""What Poland takes of a salary."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


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
