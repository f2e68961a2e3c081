"""The mirror of accounts, vacancies and statuses; tombstones are not shown."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.core.filters import ListFilters
from apps.huntflow import remote
from apps.huntflow.filters import StatusFilter, VacancyFilter
from apps.huntflow.models import Account, Status, Vacancy
from apps.huntflow.roles import RECRUITERS
from apps.huntflow.serializers.mirror import (
    HuntflowAccountSerializer,
    HuntflowStatusSerializer,
    HuntflowTagSerializer,
    HuntflowVacancySerializer,
)
from apps.huntflow.views.answers import FAILURES


class AccountViewSet(ReadOnlyModelViewSet):
    """Organizations."""

    serializer_class = HuntflowAccountSerializer
    queryset = Account.objects.filter(removed_at=None)
    action_roles = {"tags": RECRUITERS}
    lookup_value_converter = "int"

    @extend_schema(responses={200: HuntflowTagSerializer(many=True)} | FAILURES)
    @action(detail=True, methods=["get"], pagination_class=None)
    def tags(self, request: Request, pk: int | None = None) -> Response:
        """The tags that the account knows, asked of Huntflow now."""
        return Response(HuntflowTagSerializer(remote.tags(self.get_object()), many=True).data)


class VacancyViewSet(ReadOnlyModelViewSet):
    """Vacancies as Huntflow has them."""

    serializer_class = HuntflowVacancySerializer
    queryset = Vacancy.objects.filter(removed_at=None).select_related("account")
    filter_backends = (ListFilters,)
    filterset_class = VacancyFilter
    lookup_value_converter = "int"


class StatusViewSet(ReadOnlyModelViewSet):
    """Stages of recruitment, in their order."""

    serializer_class = HuntflowStatusSerializer
    queryset = Status.objects.filter(removed_at=None).select_related("account")
    filter_backends = (ListFilters,)
    filterset_class = StatusFilter
    lookup_value_converter = "int"
