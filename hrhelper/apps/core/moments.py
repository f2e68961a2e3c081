"""Moments in requests."""

from datetime import UTC, datetime

from django import forms
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from rest_framework import serializers

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


class MomentField(serializers.DateTimeField):
    """Within some centuries: at the ends of time there are no time zones, days or weeks."""

    default_error_messages = {"far": "It lies too far away."}

    def to_internal_value(self, value: str) -> datetime:
        moment = super().to_internal_value(value)
        if not FIRST <= moment <= LAST:
            self.fail("far")
        return moment


class _MomentInQuery(IsoDateTimeField):
    def to_python(self, value: str) -> datetime | None:
        moment = super().to_python(value)
        if moment is None:
            return None
        if not FIRST <= moment <= LAST:
            raise forms.ValidationError(MomentField.default_error_messages["far"])
        # PostgreSQL knows no offset of sixteen hours.
        return moment.astimezone(UTC)


class MomentFilter(filters.IsoDateTimeFilter):
    """By a moment, within the same bounds."""

    field_class = _MomentInQuery
