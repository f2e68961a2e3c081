from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.finance.models import SalaryAmount, SalaryRange
from apps.finance.serializers.bounds import in_order


class SalaryAmountSerializer(serializers.ModelSerializer):
    class Meta:
        model = SalaryAmount
        fields = ("currency", "minimum", "maximum")


class SalaryRangeSerializer(serializers.ModelSerializer):
    amounts = SalaryAmountSerializer(many=True, read_only=True)

    class Meta:
        model = SalaryRange
        fields = ("id", "vacancy", "grade", "min_usd", "max_usd", "midpoint_usd", "amounts")
        read_only_fields = ("midpoint_usd",)
        extra_kwargs = {name: {"min_value": Decimal(0)} for name in ("min_usd", "max_usd")}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, self.instance, "min_usd", "max_usd")


class SalaryRangeStatsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    lowest = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    highest = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class UpdateFromSerializer(serializers.Serializer):
    after = serializers.IntegerField(min_value=0, default=0)


class UpdatedSerializer(serializers.Serializer):
    updated = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
