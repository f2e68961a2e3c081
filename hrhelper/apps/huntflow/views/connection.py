"""The connection with Huntflow: its tokens, which can be given and never be read."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import Credential
from apps.huntflow import remote
from apps.huntflow.roles import RECRUITERS
from apps.huntflow.serializers.syncs import (
    HuntflowConnectionSerializer,
    HuntflowConnectionStateSerializer,
    HuntflowReachedSerializer,
)
from apps.huntflow.views.answers import FAILURES


class ConnectionView(APIView):
    # Only administrators change it.
    read_roles = RECRUITERS

    @extend_schema(responses=HuntflowConnectionStateSerializer)
    def get(self, request: Request) -> Response:
        """Whether Huntflow is connected, and until when at least."""
        return self._state()

    @extend_schema(
        request=HuntflowConnectionSerializer,
        responses={200: HuntflowConnectionStateSerializer, 422: FAILURES[422]},
    )
    def put(self, request: Request) -> Response:
        """Connect with the tokens of Huntflow's settings, in place of those of before."""
        given = HuntflowConnectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        remote.keep_tokens(asked["access_token"], asked["refresh_token"])
        if "webhook_secret" in asked:
            remote.keep_webhook_secret(asked["webhook_secret"])
        return self._state()

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget tokens and secret; the mirror stays."""
        remote.forget()
        return Response(status=204)

    def _state(self) -> Response:
        names = (remote.TOKENS, remote.WEBHOOK_SECRET)
        stored = {one.name: one for one in Credential.objects.filter(name__in=names)}
        tokens = stored.get(remote.TOKENS)
        state = {
            "is_connected": tokens is not None,
            "has_webhook_secret": remote.WEBHOOK_SECRET in stored,
            "expires_at": tokens and tokens.expires_at,
        }
        return Response(HuntflowConnectionStateSerializer(state).data)


class TestConnectionView(APIView):
    write_roles = RECRUITERS

    @extend_schema(request=None, responses={200: HuntflowReachedSerializer} | FAILURES)
    def post(self, request: Request) -> Response:
        """Ask Huntflow who the token belongs to."""
        return Response(HuntflowReachedSerializer(remote.try_connection()).data)
