from decimal import Decimal

from rest_framework import serializers

from apps.finance.models import PlnTax


class PlnTaxSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlnTax
        fields = ("id", "name", "rate", "is_active")


class AmountSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0))


class GrossAndNetSerializer(serializers.Serializer):
    gross = serializers.DecimalField(max_digits=None, decimal_places=2)
    net = serializers.DecimalField(max_digits=None, decimal_places=2)
