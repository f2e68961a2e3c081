"""Lists of ids in requests: each id is looked up, so they are bounded."""

from typing import Any

from rest_framework import serializers

MOST_IDS = 100


class SomeIds(serializers.ManyRelatedField):
    default_error_messages = {"too_many": f"There are more than {MOST_IDS} ids."}

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > MOST_IDS:
            self.fail("too_many")
        return super().to_internal_value(data)


def some_ids(queryset: Any, **options: Any) -> SomeIds:
    """A field of at most MOST_IDS ids of rows of a queryset."""
    return SomeIds(child_relation=serializers.PrimaryKeyRelatedField(queryset=queryset), **options)
