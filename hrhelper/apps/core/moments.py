"""Moments in requests."""

from datetime import UTC, datetime

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
