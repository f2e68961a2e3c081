"""From and to: the lower of two amounts comes first."""

from typing import Any

from rest_framework import serializers


def in_order(given: dict[str, Any], instance: Any, low: str, high: str) -> dict[str, Any]:
    """What was given, where it and what stays of the instance are in order.

    Raises ValidationError at `high`.
    """
    least, most = (given.get(name, getattr(instance, name, None)) for name in (low, high))
    if least is not None and most is not None and least > most:
        raise serializers.ValidationError({high: f"It is less than {low}."})
    return given
