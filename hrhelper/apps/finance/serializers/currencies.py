from decimal import Decimal

from rest_framework import serializers

from apps.core.moments import MomentField
from apps.finance.models import CURRENCIES, CurrencyRate


class CurrencyRateSerializer(serializers.ModelSerializer):
    fetched_at = MomentField()

    class Meta:
        model = CurrencyRate
        fields = ("id", "currency", "rate", "scale", "fetched_at")
        extra_kwargs = {"rate": {"min_value": Decimal("0.000001")}}


class LatestRateSerializer(serializers.Serializer):
    currency = serializers.ChoiceField(choices=CURRENCIES)
    rate = serializers.DecimalField(max_digits=12, decimal_places=6)
    scale = serializers.IntegerField()


class ConversionSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0))
    source = serializers.ChoiceField(choices=CURRENCIES)
    target = serializers.ChoiceField(choices=CURRENCIES)


class ConvertedSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=None, decimal_places=2)
    currency = serializers.ChoiceField(choices=CURRENCIES)
