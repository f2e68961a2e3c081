"""Syncs: ask for one, and read how far it is."""

from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.huntflow.models import SyncJob
from apps.huntflow.roles import RECRUITERS
from apps.huntflow.serializers.syncs import HuntflowSyncSerializer
from apps.huntflow.syncs import request_sync
from apps.huntflow.views.answers import FAILURES


class SyncViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The syncs, the newest first."""

    serializer_class = HuntflowSyncSerializer
    queryset = SyncJob.objects.select_related("requested_by")
    write_roles = RECRUITERS
    lookup_value_converter = "int"

    @extend_schema(request=None, responses={202: HuntflowSyncSerializer, 422: FAILURES[422]})
    def create(self, request: Request) -> Response:
        """Ask for a sync. It is done in the background; where one is open, that is the answer."""
        return Response(self.get_serializer(request_sync(request.user)).data, status=202)
