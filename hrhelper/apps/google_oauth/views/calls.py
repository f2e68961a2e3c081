"""Interviews in one's calendar, and folders of one's Drive."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.errors import Conflict
from apps.google_oauth import calls
from apps.google_oauth.serializers import (
    CalendarEventSerializer,
    CalendarInterviewSerializer,
    FolderPageSerializer,
    PageAskedSerializer,
)
from apps.google_oauth.views.answers import UsesGoogle, failures
from logic.google.errors import EventDiffersError


class InterviewsView(UsesGoogle, APIView):
    @extend_schema(
        request=CalendarInterviewSerializer,
        responses={200: CalendarEventSerializer, 201: CalendarEventSerializer} | failures(409),
    )
    def post(self, request: Request) -> Response:
        """Put an interview into one's calendar; 200 where it is there already."""
        given = CalendarInterviewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        described = given.validated_data | {"guests": tuple(given.validated_data["guests"])}
        try:
            placed = calls.place_interview(request.user, **described)
        except EventDiffersError as problem:
            raise Conflict(problem.message, code=problem.code) from None
        return Response(CalendarEventSerializer(placed).data, status=201 if placed.is_new else 200)


class InterviewView(UsesGoogle, APIView):
    @extend_schema(responses={204: None} | failures())
    def delete(self, request: Request, key: str) -> Response:
        """Take an interview out of one's calendar; one that is not there is out."""
        calls.remove_interview(request.user, key)
        return Response(status=204)


class FolderView(UsesGoogle, APIView):
    @extend_schema(
        parameters=[PageAskedSerializer], responses={200: FolderPageSerializer} | failures()
    )
    def get(self, request: Request, folder: str) -> Response:
        """A page of what a folder of one's Drive holds; go on with `next_page` as `page`."""
        given = PageAskedSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        page = calls.list_folder(request.user, folder, given.validated_data.get("page"))
        return Response(FolderPageSerializer(page).data)
