from django.db.models import Count, Max, Min
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.core.filters import ListFilters
from apps.finance.filters.salary_ranges import SalaryRangeFilter
from apps.finance.models import SalaryRange
from apps.finance.roles import FINANCE_WRITERS
from apps.finance.serializers.salary_ranges import (
    SalaryRangeSerializer,
    SalaryRangeStatsSerializer,
)


class SalaryRangeViewSet(ModelViewSet):
    """What vacancies pay at a grade, in USD."""

    serializer_class = SalaryRangeSerializer
    queryset = SalaryRange.objects.all()
    filter_backends = (ListFilters,)
    filterset_class = SalaryRangeFilter
    write_roles = FINANCE_WRITERS
    lookup_value_converter = "int"

    @extend_schema(responses=SalaryRangeStatsSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many ranges there are and how far they reach."""
        found = SalaryRange.objects.aggregate(
            count=Count("id"), lowest=Min("min_usd"), highest=Max("max_usd")
        )
        return Response(SalaryRangeStatsSerializer(found).data)
