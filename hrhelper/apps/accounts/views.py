"""Who is asking."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.roles import role_of
from apps.accounts.serializers import MeSerializer


class MeView(APIView):
    # Also without a role: whoever has none must be able to learn that.
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The user whose token or session this is, and the user's role (null: none)."""
        user = request.user
        who = {
            "username": user.get_username(),
            "full_name": user.get_full_name(),
            "role": role_of(user),
        }
        return Response(MeSerializer(who).data)
