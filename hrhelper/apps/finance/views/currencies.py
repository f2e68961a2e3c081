from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

from apps.accounts.roles import EVERY_ROLE
from apps.core.filters import ListFilters
from apps.finance.filters.currencies import CurrencyRateFilter
from apps.finance.models import CurrencyRate
from apps.finance.roles import FINANCE_WRITERS
from apps.finance.serializers.currencies import (
    ConversionSerializer,
    ConvertedSerializer,
    CurrencyRateSerializer,
    LatestRateSerializer,
)
from logic.base.money import Rate, convert
from logic.finance.rates import latest_rates, update_rates


class CurrencyRateViewSet(ModelViewSet):
    """What `scale` units of a currency cost in BYN."""

    serializer_class = CurrencyRateSerializer
    queryset = CurrencyRate.objects.all()
    filter_backends = (ListFilters,)
    filterset_class = CurrencyRateFilter
    write_roles = FINANCE_WRITERS
    lookup_value_converter = "int"

    @extend_schema(responses=LatestRateSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def latest(self, request: Request) -> Response:
        """The newest rate of each currency."""
        return _listed(latest_rates())

    @extend_schema(
        request=None,
        responses={
            200: LatestRateSerializer(many=True),
            422: OpenApiResponse(description="The bank leaves a rate out"),
            502: OpenApiResponse(description="The bank failed or did not answer"),
        },
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="update-rates", pagination_class=None)
    def update_rates(self, request: Request) -> Response:
        """Fetch all rates from the National Bank: all are stored, or none."""
        return _listed(update_rates())


def _listed(rates: dict[str, Rate]) -> Response:
    found = [one for _, one in sorted(rates.items())]
    return Response(LatestRateSerializer(found, many=True).data)


class ConvertView(APIView):
    write_roles = EVERY_ROLE  # it calculates, and writes nothing

    @extend_schema(
        request=ConversionSerializer,
        responses={200: ConvertedSerializer, 422: OpenApiResponse(description="A rate is missing")},
    )
    def post(self, request: Request) -> Response:
        """An amount in another currency; 422 where a rate is missing."""
        given = ConversionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        result = convert(asked["amount"], asked["source"], asked["target"], latest_rates())
        return Response(ConvertedSerializer({"amount": result, "currency": asked["target"]}).data)
