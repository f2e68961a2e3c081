"""REST endpoints of finance."""

from decimal import Decimal

from django.db.models import Avg, Count, Max, Min
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

from apps.finance.derived import after_save, ranges
from apps.finance.models import Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange
from apps.finance.serializers import (
    AmountSerializer,
    BenchmarkSerializer,
    ConversionSerializer,
    CurrencyRateSerializer,
    GradeSerializer,
    PlnTaxSerializer,
    SalaryRangeSerializer,
)
from logic.base.money import convert, gross_of, net_of
from logic.finance.rates import latest_rates


class GradeViewSet(ModelViewSet):
    serializer_class = GradeSerializer
    queryset = Grade.objects.all()


class CurrencyRateViewSet(ModelViewSet):
    serializer_class = CurrencyRateSerializer
    queryset = CurrencyRate.objects.all()

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["get"], pagination_class=None)
    def latest(self, request: Request) -> Response:
        """The newest rate of each currency."""
        found = latest_rates()
        return Response(
            {name: {"rate": str(one.rate), "scale": one.scale} for name, one in found.items()}
        )


class PlnTaxViewSet(ModelViewSet):
    serializer_class = PlnTaxSerializer
    queryset = PlnTax.objects.all()

    @extend_schema(request=AmountSerializer, responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["post"], url_path="calculate-gross")
    def calculate_gross(self, request: Request) -> Response:
        """What must be paid for a net amount."""
        amount = self._amount(request)
        return Response({"net": str(amount), "gross": str(gross_of(amount, self._rates()))})

    @extend_schema(request=AmountSerializer, responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["post"], url_path="calculate-net")
    def calculate_net(self, request: Request) -> Response:
        """What is left of a gross amount."""
        amount = self._amount(request)
        return Response({"gross": str(amount), "net": str(net_of(amount, self._rates()))})

    def _amount(self, request: Request) -> Decimal:
        given = AmountSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data["amount"]

    def _rates(self) -> list[Decimal]:
        return list(PlnTax.objects.filter(is_active=True).values_list("rate", flat=True))


class SalaryRangeViewSet(ModelViewSet):
    serializer_class = SalaryRangeSerializer
    queryset = ranges()

    def perform_create(self, serializer: SalaryRangeSerializer) -> None:
        after_save(serializer.save())

    def perform_update(self, serializer: SalaryRangeSerializer) -> None:
        after_save(serializer.save())

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many ranges there are and how far they reach."""
        found = SalaryRange.objects.aggregate(
            count=Count("id"), lowest=Min("min_usd"), highest=Max("max_usd")
        )
        return Response(found)


class BenchmarkViewSet(ModelViewSet):
    serializer_class = BenchmarkSerializer
    queryset = Benchmark.objects.all()

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """Averages by type."""
        found = Benchmark.objects.filter(is_active=True).order_by("type").values("type")
        return Response(list(found.annotate(count=Count("id"), average=Avg("salary_from"))))


class ConvertView(APIView):
    @extend_schema(request=ConversionSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """An amount in another currency; 422 where a rate is missing."""
        given = ConversionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        result = convert(asked["amount"], asked["source"], asked["target"], latest_rates())
        return Response({"amount": str(result), "currency": asked["target"]})
