from decimal import Decimal

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from apps.finance.models import SalaryRange


class SalaryRangeFilter(filters.FilterSet):
    """`pays` finds the ranges that an amount in USD lies in."""

    pays = filters.NumberFilter(method="that_pay")

    class Meta:
        model = SalaryRange
        fields = ("vacancy", "grade")

    def that_pay(
        self, found: QuerySet[SalaryRange], name: str, amount: Decimal
    ) -> QuerySet[SalaryRange]:
        return found.filter(min_usd__lte=amount, max_usd__gte=amount)
