from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from apps.core.filters import ListFilters
from apps.finance.filters.benchmarks import BenchmarkFilter
from apps.finance.models import Benchmark, BenchmarkSettings
from apps.finance.roles import FINANCE_WRITERS
from apps.finance.serializers.benchmark_settings import (
    BenchmarkSettingsSerializer,
    BenchmarkStatsSerializer,
)
from apps.finance.serializers.benchmarks import BenchmarkSerializer
from logic.finance.benchmarks import averages, check_daily_limit


class BenchmarkViewSet(ModelViewSet):
    """What the market pays; 422 where the day's limit is reached."""

    serializer_class = BenchmarkSerializer
    queryset = Benchmark.objects.all()
    filter_backends = (ListFilters,)
    filterset_class = BenchmarkFilter
    write_roles = FINANCE_WRITERS
    lookup_value_converter = "int"

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Counted and written in one transaction."""
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer) -> None:
        check_daily_limit(serializer.validated_data["type"])
        serializer.save()

    @extend_schema(responses=BenchmarkStatsSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many active ones of each type the period has, and their average in USD."""
        return Response(BenchmarkStatsSerializer(averages(), many=True).data)


class BenchmarkSettingsView(RetrieveUpdateAPIView):
    """How benchmarks are gathered and counted: one row for all."""

    serializer_class = BenchmarkSettingsSerializer
    write_roles = FINANCE_WRITERS

    def get_object(self) -> BenchmarkSettings:
        return BenchmarkSettings.current()
