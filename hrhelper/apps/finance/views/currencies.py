from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

from apps.finance.models import CurrencyRate
from apps.finance.serializers.currencies import (
    ConversionSerializer,
    ConvertedSerializer,
    CurrencyRateSerializer,
    LatestRateSerializer,
)
from logic.base.money import convert
from logic.finance.rates import latest_rates


class CurrencyRateViewSet(ModelViewSet):
    """What `scale` units of a currency cost in BYN."""

    serializer_class = CurrencyRateSerializer
    queryset = CurrencyRate.objects.all()

    @extend_schema(responses=LatestRateSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def latest(self, request: Request) -> Response:
        """The newest rate of each currency."""
        found = [one for _, one in sorted(latest_rates().items())]
        return Response(LatestRateSerializer(found, many=True).data)


class ConvertView(APIView):
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
