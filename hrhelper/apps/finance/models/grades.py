"""Levels of seniority."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.Model):
    """A level of seniority. Ranges sort by rank, never by name."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    rank = models.PositiveIntegerField(_("rank"))

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        ordering = ("rank", "id")
        indexes = [models.Index(fields=["rank", "id"], name="grade_by_rank")]

    def __str__(self) -> str:
        return self.name
