from decimal import Decimal

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.accounts.roles import EVERY_ROLE
from apps.core.filters import ListFilters
from apps.finance.models import PlnTax
from apps.finance.roles import FINANCE_WRITERS
from apps.finance.serializers.taxes import (
    AmountSerializer,
    GrossAndNetSerializer,
    PlnTaxSerializer,
)
from logic.base.money import gross_of, net_of


class PlnTaxViewSet(ModelViewSet):
    """Polish taxes and contributions; those that are active count."""

    serializer_class = PlnTaxSerializer
    queryset = PlnTax.objects.all()
    filter_backends = (ListFilters,)
    filterset_fields = ("is_active",)
    write_roles = FINANCE_WRITERS
    lookup_value_converter = "int"
    # They calculate, and write nothing.
    action_roles = {"calculate_gross": EVERY_ROLE, "calculate_net": EVERY_ROLE}

    @extend_schema(request=AmountSerializer, responses=GrossAndNetSerializer)
    @action(detail=False, methods=["post"], url_path="calculate-gross")
    def calculate_gross(self, request: Request) -> Response:
        """What must be paid for a net amount."""
        net = self._amount(request)
        return self._answer(gross_of(net, self._rates()), net)

    @extend_schema(request=AmountSerializer, responses=GrossAndNetSerializer)
    @action(detail=False, methods=["post"], url_path="calculate-net")
    def calculate_net(self, request: Request) -> Response:
        """What is left of a gross amount."""
        gross = self._amount(request)
        return self._answer(gross, net_of(gross, self._rates()))

    def _amount(self, request: Request) -> Decimal:
        given = AmountSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data["amount"]

    def _rates(self) -> list[Decimal]:
        return list(PlnTax.objects.filter(is_active=True).values_list("rate", flat=True))

    def _answer(self, gross: Decimal, net: Decimal) -> Response:
        return Response(GrossAndNetSerializer({"gross": gross, "net": net}).data)
