from django_filters import rest_framework as filters

from apps.core.moments import MomentFilter
from apps.finance.models import CurrencyRate


class CurrencyRateFilter(filters.FilterSet):
    since = MomentFilter(field_name="fetched_at", lookup_expr="gte")
    until = MomentFilter(field_name="fetched_at", lookup_expr="lt")

    class Meta:
        model = CurrencyRate
        fields = ("currency",)
