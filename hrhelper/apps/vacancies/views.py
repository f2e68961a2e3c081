"""REST endpoints of vacancies."""

from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.vacancies.models import Vacancy
from apps.vacancies.serializers import VacancySerializer


class VacancyViewSet(ModelViewSet):
    """Create, read, update, delete; switch on and off; search; count."""

    serializer_class = VacancySerializer
    queryset = Vacancy.objects.prefetch_related("grades")

    def get_queryset(self) -> QuerySet[Vacancy]:
        found = super().get_queryset()
        external_id = self.request.query_params.get("external_id")
        return found.filter(external_id=external_id) if external_id else found

    @extend_schema(request=None, responses=VacancySerializer)
    @action(detail=True, methods=["post"], url_path="toggle-active")
    def toggle_active(self, request: Request, pk: str | None = None) -> Response:
        """Switch a vacancy on or off."""
        vacancy = self.get_object()
        vacancy.is_active = not vacancy.is_active
        vacancy.save(update_fields=["is_active", "updated_at"])
        return Response(self.get_serializer(vacancy).data)

    @extend_schema(parameters=[OpenApiParameter("q", str)])
    @action(detail=False, methods=["get"])
    def search(self, request: Request) -> Response:
        """Vacancies whose name or recruiter contains `q`."""
        text = request.query_params.get("q", "")
        found = self.get_queryset().filter(Q(name__icontains=text) | Q(recruiter__icontains=text))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many there are, and how many are active."""
        counts = Vacancy.objects.aggregate(
            total=Count("id"), active=Count("id", filter=Q(is_active=True))
        )
        return Response(counts)
