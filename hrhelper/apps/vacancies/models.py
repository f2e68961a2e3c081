"""Vacancies of the recruiting team."""

from django.db import models


class Vacancy(models.Model):
    """An open position. `external_id` is chosen by who creates it, and unique."""

    external_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    recruiter = models.CharField(max_length=120, blank=True)
    invite_title = models.CharField(max_length=200, blank=True)
    invite_text = models.TextField(blank=True)
    scorecard_link = models.URLField(blank=True)
    screening_minutes = models.PositiveIntegerField(default=45)
    grades = models.ManyToManyField("finance.Grade", blank=True, related_name="vacancies")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name
