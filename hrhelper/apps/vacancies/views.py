"""REST endpoints of vacancies."""

from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.core.filters import ListFilters
from apps.vacancies.choosing import matching, of_recruiter
from apps.vacancies.filters import VacancyFilter
from apps.vacancies.models import Vacancy
from apps.vacancies.roles import RECRUITING_WRITERS
from apps.vacancies.serializers import (
    AssignedGradesSerializer,
    VacancySerializer,
    VacancyStatsSerializer,
)


class VacancyViewSet(ModelViewSet):
    """Create, read, update, delete; switch on and off; search; count."""

    serializer_class = VacancySerializer
    queryset = Vacancy.objects.prefetch_related("grades", "interviewers")
    filter_backends = (ListFilters,)
    filterset_class = VacancyFilter
    write_roles = RECRUITING_WRITERS
    lookup_value_converter = "int"

    @extend_schema(request=None, responses=VacancySerializer)
    @action(detail=True, methods=["post"], url_path="toggle-active")
    def toggle_active(self, request: Request, pk: int | None = None) -> Response:
        """Switch a vacancy on or off."""
        vacancy = self.get_object()
        vacancy.is_active = not vacancy.is_active
        vacancy.save(update_fields=["is_active", "updated_at"])
        return Response(self.get_serializer(vacancy).data)

    @extend_schema(request=AssignedGradesSerializer, responses=VacancySerializer)
    @action(detail=True, methods=["post"], url_path="assign-grades")
    def assign_grades(self, request: Request, pk: int | None = None) -> Response:
        """These grades, and no others, are available for a vacancy."""
        vacancy = self.get_object()
        given = AssignedGradesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        vacancy.grades.set(given.validated_data["grades"])
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses=VacancySerializer(many=True))
    @action(detail=False, methods=["get"], url_path="my-vacancies")
    def my_vacancies(self, request: Request) -> Response:
        """Vacancies whose recruiter has the name of who asks: the login or the full name."""
        return self._page(of_recruiter(self.get_queryset(), request.user))

    @extend_schema(parameters=[OpenApiParameter("q", str)], responses=VacancySerializer(many=True))
    @action(detail=False, methods=["get"])
    def search(self, request: Request) -> Response:
        """Vacancies whose name or recruiter contains `q`, in any case of letters."""
        return self._page(matching(self.get_queryset(), request.query_params.get("q", "")))

    @extend_schema(responses=VacancyStatsSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        """How many there are, and how many are active."""
        counts = Vacancy.objects.aggregate(
            total=Count("id"), active=Count("id", filter=Q(is_active=True))
        )
        return Response(VacancyStatsSerializer(counts).data)

    def _page(self, found: QuerySet[Vacancy]) -> Response:
        page = self.paginate_queryset(self.filter_queryset(found))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
