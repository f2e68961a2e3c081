from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.finance.models import Benchmark
from apps.finance.serializers.bounds import in_order


class BenchmarkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Benchmark
        fields = (
            "id",
            "type",
            "vacancy_name",
            "grade",
            "salary_from",
            "salary_to",
            "location",
            "work_format",
            "compensation",
            "benefits",
            "technologies",
            "domain",
            "hh_vacancy_id",
            "notes",
            "is_active",
            "created_at",
        )
        extra_kwargs = {name: {"min_value": Decimal(0)} for name in ("salary_from", "salary_to")}

    def validate_hh_vacancy_id(self, value: str | None) -> str | None:
        """It is unique when given, and an empty one is not given."""
        return value or None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, self.instance, "salary_from", "salary_to")
