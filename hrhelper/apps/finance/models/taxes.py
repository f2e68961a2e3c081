"""What Poland takes of a salary."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class PlnTax(models.Model):
    """A Polish tax or contribution, in percent."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    rate = models.DecimalField(
        _("rate, %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("Polish tax")
        verbose_name_plural = _("Polish taxes")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
