"""Filters of lists by ids."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django_filters import rest_framework as filters

LARGEST_ID = 2**63 - 1


class IdFilter(filters.NumberFilter):
    """A number that can be an id: the database refuses larger ones with an error of its own."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, min_value=1, **options)

    def get_max_validator(self) -> MaxValueValidator:
        return MaxValueValidator(LARGEST_ID)
