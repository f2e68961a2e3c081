from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from apps.core.filters import ListFilters
from apps.finance.filters.salary_ranges import SalaryRangeFilter
from apps.finance.models import SalaryRange
from apps.finance.roles import FINANCE_WRITERS
from apps.finance.serializers.salary_ranges import (
    SalaryRangeSerializer,
    SalaryRangeStatsSerializer,
    UpdatedSerializer,
    UpdateFromSerializer,
)
from logic.finance.amounts import update_amounts, update_from

# A request stays well below half a second; the client goes on from `next`.
RANGES_A_REQUEST = 500


class SalaryRangeViewSet(ModelViewSet):
    """What vacancies pay at a grade, in USD and derived from it; 422 where a rate is missing."""

    serializer_class = SalaryRangeSerializer
    queryset = SalaryRange.objects.prefetch_related("amounts")
    filter_backends = (ListFilters,)
    filterset_class = SalaryRangeFilter
    write_roles = FINANCE_WRITERS
    lookup_value_converter = "int"

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A range with its amounts, or neither."""
        return super().create(request, *args, **kwargs)

    @transaction.atomic
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A range with its amounts, or neither."""
        return super().update(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer) -> None:
        update_amounts(serializer.save())

    def perform_update(self, serializer: BaseSerializer) -> None:
        update_amounts(serializer.save())

    @extend_schema(request=UpdateFromSerializer, responses=UpdatedSerializer)
    @action(
        detail=False, methods=["post"], url_path="update-currency-amounts", pagination_class=None
    )
    def update_currency_amounts(self, request: Request) -> Response:
        """Derive with the newest rates, for some ranges after `after`; go on with `next`."""
        given = UpdateFromSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        count, after = update_from(given.validated_data["after"], RANGES_A_REQUEST)
        return Response(UpdatedSerializer({"updated": count, "next": after}).data)

    @extend_schema(responses=SalaryRangeStatsSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many ranges there are and how far they reach."""
        found = SalaryRange.objects.aggregate(
            count=Count("id"), lowest=Min("min_usd"), highest=Max("max_usd")
        )
        return Response(SalaryRangeStatsSerializer(found).data)
