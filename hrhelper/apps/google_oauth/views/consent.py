"""Agreeing that calendar and Drive are used, and taking it back."""

from django.conf import settings
from django.http import HttpResponseRedirect
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.google_oauth import consent, grants
from apps.google_oauth.models import Grant
from apps.google_oauth.serializers import ConsentSerializer, GrantSerializer
from apps.google_oauth.views.answers import UsesGoogle, failures


class GrantView(UsesGoogle, APIView):
    @extend_schema(responses=GrantSerializer)
    def get(self, request: Request) -> Response:
        """Whether one's own calendar and Drive are connected."""
        found = Grant.objects.filter(user=request.user).first()
        state = {
            "is_connected": found is not None and not found.is_over,
            "is_over": found is not None and found.is_over,
            "connected_at": found and found.connected_at,
        }
        return Response(GrantSerializer(state).data)

    @extend_schema(responses={204: None} | failures())
    def delete(self, request: Request) -> Response:
        """Give the agreement back to Google, and forget it."""
        grants.give_back(request.user)
        return Response(status=204)


class ConnectView(UsesGoogle, APIView):
    @extend_schema(request=None, responses={200: ConsentSerializer, 403: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Begin: where to send the browser. By a browser's session only, not by a token."""
        _needs_a_session(request)
        url = consent.begin(request)
        return Response(ConsentSerializer({"authorization_url": url}).data)


class CallbackView(UsesGoogle, APIView):
    @extend_schema(
        responses={302: None, 403: OpenApiTypes.OBJECT} | failures(), operation_id="google_callback"
    )
    def get(self, request: Request) -> HttpResponseRedirect:
        """Where Google sends the browser back to."""
        _needs_a_session(request)
        consent.complete(request, request.user)
        return HttpResponseRedirect(settings.GOOGLE_AFTER_CONSENT)


def _needs_a_session(request: Request) -> None:
    """The one who comes back must be the one who left, and only a browser can tell."""
    if not isinstance(request.successful_authenticator, SessionAuthentication):
        raise PermissionDenied("Log in with a browser for this.")
