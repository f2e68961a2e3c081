"""Candidates: those of the mirror, Huntflow's own search, and changes, which go to Huntflow."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.core.filters import ListFilters
from apps.huntflow import remote
from apps.huntflow.filters import ApplicantFilter
from apps.huntflow.models import Account, Applicant
from apps.huntflow.roles import RECRUITERS
from apps.huntflow.serializers.applicants import (
    HuntflowApplicantSerializer,
    HuntflowFoundSerializer,
    HuntflowSearchSerializer,
    HuntflowStatusChangeSerializer,
    HuntflowTagsSerializer,
)
from apps.huntflow.views.answers import FAILURES


class ApplicantViewSet(ReadOnlyModelViewSet):
    """Candidates of the mirror, the newest first."""

    serializer_class = HuntflowApplicantSerializer
    queryset = (
        Applicant.objects.filter(removed_at=None)
        .select_related("account")
        .prefetch_related("links")
    )
    filter_backends = (ListFilters,)
    filterset_class = ApplicantFilter
    read_roles = write_roles = RECRUITERS
    lookup_value_converter = "int"

    @extend_schema(
        request=HuntflowStatusChangeSerializer,
        responses={200: HuntflowApplicantSerializer} | FAILURES,
    )
    @action(detail=True, methods=["put"])
    def status(self, request: Request, pk: int | None = None) -> Response:
        """Move the candidate to a status on a vacancy, in Huntflow."""
        applicant = self.get_object()
        given = HuntflowStatusChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        remote.change_status(applicant, **given.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        request=HuntflowTagsSerializer, responses={200: HuntflowTagsSerializer} | FAILURES
    )
    @action(detail=True, methods=["post"])
    def tags(self, request: Request, pk: int | None = None) -> Response:
        """These tags, and no others; in Huntflow."""
        applicant = self.get_object()
        given = HuntflowTagsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        held = remote.replace_tags(applicant, given.validated_data["tags"])
        return Response(HuntflowTagsSerializer({"tags": held}).data)

    @extend_schema(
        parameters=[HuntflowSearchSerializer],
        responses={200: HuntflowFoundSerializer} | FAILURES,
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def search(self, request: Request) -> Response:
        """Huntflow's own search, which looks into resumes; go on with `cursor`."""
        given = HuntflowSearchSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        accounts = Account.objects.filter(removed_at=None)
        account = get_object_or_404(accounts, external_id=asked["account"])
        found = remote.search(account, asked["q"], asked.get("cursor"))
        return Response(HuntflowFoundSerializer(found).data)
