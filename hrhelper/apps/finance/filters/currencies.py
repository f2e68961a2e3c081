from django_filters import rest_framework as filters

from apps.finance.models import CurrencyRate


class CurrencyRateFilter(filters.FilterSet):
    since = filters.IsoDateTimeFilter(field_name="fetched_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="fetched_at", lookup_expr="lt")

    class Meta:
        model = CurrencyRate
        fields = ("currency",)
