"""What the finance endpoints take and give."""

from decimal import Decimal

from rest_framework import serializers

from apps.finance.models import (
    CURRENCIES,
    Benchmark,
    CurrencyRate,
    Grade,
    PlnTax,
    SalaryRange,
)


class GradeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Grade
        fields = ("id", "name", "rank")


class CurrencyRateSerializer(serializers.ModelSerializer):
    class Meta:
        model = CurrencyRate
        fields = ("id", "currency", "rate", "scale", "fetched_at")


class PlnTaxSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlnTax
        fields = ("id", "name", "rate", "is_active")


class SalaryRangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = SalaryRange
        fields = ("id", "vacancy", "grade", "min_usd", "max_usd")

    def validate(self, attrs: dict) -> dict:
        low = attrs.get("min_usd", getattr(self.instance, "min_usd", None))
        high = attrs.get("max_usd", getattr(self.instance, "max_usd", None))
        if low is not None and high is not None and low > high:
            raise serializers.ValidationError({"max_usd": "It is less than min_usd."})
        return attrs


class BenchmarkSerializer(serializers.ModelSerializer):
    location = serializers.CharField(source="city", required=False, allow_blank=True)

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
            "technologies",
            "hh_vacancy_id",
            "notes",
            "is_active",
            "created_at",
        )


class AmountSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0))


class ConversionSerializer(AmountSerializer):
    source = serializers.ChoiceField(choices=CURRENCIES)
    target = serializers.ChoiceField(choices=CURRENCIES)
