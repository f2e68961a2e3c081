from django.db.models import Avg, Count
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.finance.models import Benchmark
from apps.finance.serializers.benchmarks import BenchmarkSerializer, BenchmarkStatsSerializer


class BenchmarkViewSet(ModelViewSet):
    """What the market pays."""

    serializer_class = BenchmarkSerializer
    queryset = Benchmark.objects.all()

    @extend_schema(responses=BenchmarkStatsSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many active ones there are of each type, and what they start from on average."""
        found = Benchmark.objects.filter(is_active=True).order_by("type").values("type")
        averages = found.annotate(count=Count("id"), average=Avg("salary_from"))
        return Response(BenchmarkStatsSerializer(averages, many=True).data)
