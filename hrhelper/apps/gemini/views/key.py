"""Gemini's key, and whether it works."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import credentials
from apps.accounts.models import Credential
from apps.accounts.roles import Role
from apps.gemini import connection
from apps.gemini.serializers import GeminiReachedSerializer, KeySerializer, KeyStateSerializer
from apps.gemini.views.answers import FAILURES, MAY_ASK, AsksGemini


class KeyView(APIView):
    read_roles = MAY_ASK
    write_roles = (Role.ADMINISTRATOR,)

    @extend_schema(responses=KeyStateSerializer)
    def get(self, request: Request) -> Response:
        """Whether there is a key, and since when."""
        stored = Credential.objects.filter(name=connection.KEY).first()
        state = {"is_stored": stored is not None, "updated_at": stored and stored.updated_at}
        return Response(KeyStateSerializer(state).data)

    @extend_schema(request=KeySerializer, responses=KeyStateSerializer)
    def put(self, request: Request) -> Response:
        """Store the key, encrypted, in place of the one of before."""
        given = KeySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stored = connection.store_key(given.validated_data["key"])
        state = {"is_stored": True, "updated_at": stored.updated_at}
        return Response(KeyStateSerializer(state).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget the key."""
        credentials.forget(connection.KEY)
        return Response(status=204)


class TestConnectionView(AsksGemini, APIView):
    @extend_schema(request=None, responses={200: GeminiReachedSerializer} | FAILURES)
    def post(self, request: Request) -> Response:
        """Look the model up with the stored key; costs no tokens."""
        return Response(GeminiReachedSerializer({"model": connection.look_up_model()}).data)
