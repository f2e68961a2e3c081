from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.finance.models import SalaryRange
from apps.finance.serializers.bounds import in_order


class SalaryRangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = SalaryRange
        fields = ("id", "vacancy", "grade", "min_usd", "max_usd")
        extra_kwargs = {name: {"min_value": Decimal(0)} for name in ("min_usd", "max_usd")}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, self.instance, "min_usd", "max_usd")


class SalaryRangeStatsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    lowest = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    highest = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
