"""Levels of seniority."""

from django.db import models


class Grade(models.Model):
    """A level of seniority. Ranges sort by rank, never by name."""

    name = models.CharField(max_length=60, unique=True)
    rank = models.PositiveIntegerField()

    class Meta:
        ordering = ("rank", "id")
        indexes = [models.Index(fields=["rank", "id"], name="grade_by_rank")]

    def __str__(self) -> str:
        return self.name
