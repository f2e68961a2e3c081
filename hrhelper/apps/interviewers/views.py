"""REST endpoints of interviewers and of the interviews that count against their limits."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from apps.core.filters import ListFilters
from apps.interviewers.filters import InterviewerFilter, InterviewFilter
from apps.interviewers.models import Interview, Interviewer
from apps.interviewers.serializers import (
    AvailableSerializer,
    DaySerializer,
    InterviewerSerializer,
    InterviewSerializer,
    RoomSerializer,
)
from apps.vacancies.roles import RECRUITING_WRITERS
from logic.interviewers.availability import check_room, rooms, with_room


class InterviewerViewSet(ModelViewSet):
    """Who interviews candidates, of which grades, and how often."""

    serializer_class = InterviewerSerializer
    queryset = Interviewer.objects.all()
    filter_backends = (ListFilters,)
    filterset_class = InterviewerFilter
    write_roles = RECRUITING_WRITERS
    lookup_value_converter = "int"

    @extend_schema(parameters=[DaySerializer], responses=AvailableSerializer(many=True))
    @action(detail=False, methods=["get"])
    def available(self, request: Request) -> Response:
        """Interviewers who have room on a day, and interview candidates of the grade."""
        asked = _asked(request)
        found = self.filter_queryset(with_room(asked["day"], asked["grade"]))
        page = self.paginate_queryset(found)
        context = {"rooms": rooms(page, asked["day"])}
        return self.get_paginated_response(
            AvailableSerializer(page, many=True, context=context).data
        )

    @extend_schema(parameters=[DaySerializer], responses=RoomSerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def availability(self, request: Request, pk: int | None = None) -> Response:
        """How many more interviews an interviewer takes on a day and in its week."""
        one = self.get_object()
        return Response(RoomSerializer(rooms([one], _asked(request)["day"])[one.id]).data)


class InterviewViewSet(ModelViewSet):
    """Planned interviews; 422 where a limit of the interviewer is reached."""

    serializer_class = InterviewSerializer
    queryset = Interview.objects.all()
    filter_backends = (ListFilters,)
    filterset_class = InterviewFilter
    write_roles = RECRUITING_WRITERS
    lookup_value_converter = "int"

    @transaction.atomic
    def perform_create(self, serializer: BaseSerializer) -> None:
        given = serializer.validated_data
        check_room(given["interviewer"], given["starts_at"])
        serializer.save()

    @transaction.atomic
    def perform_update(self, serializer: BaseSerializer) -> None:
        given, before = serializer.validated_data, serializer.instance
        check_room(
            given.get("interviewer", before.interviewer),
            given.get("starts_at", before.starts_at),
            beside=before.id,
        )
        serializer.save()


def _asked(request: Request) -> dict[str, Any]:
    given = DaySerializer(data=request.query_params)
    given.is_valid(raise_exception=True)
    return given.validated_data
