"""Where Huntflow tells what has changed."""

import logging

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import credentials
from apps.huntflow.models import WebhookDelivery
from apps.huntflow.remote import WEBHOOK_SECRET
from apps.huntflow.views.answers import FAILURES
from logic.huntflow.webhooks import Event, event_of, is_ping, is_signed

log = logging.getLogger(__name__)
SIGNATURE = "X-Huntflow-Signature"


class WebhookView(APIView):
    """The signature is the login. It answers at once; a worker then reads what has changed."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (JSONParser,)

    def get_authenticate_header(self, request: Request) -> str:
        """What makes a forged delivery 401, and not 403."""
        return SIGNATURE

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        parameters=[OpenApiParameter(SIGNATURE, str, OpenApiParameter.HEADER, required=True)],
        responses={204: None, 401: OpenApiTypes.OBJECT, 422: FAILURES[422]},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """An event of Huntflow's. 204 also for a repeated one, which changes nothing."""
        body = request._request.body  # the bytes as they were signed, before any parsing
        if not self._is_from_huntflow(body, request.headers.get(SIGNATURE, "")):
            log.warning("A webhook without Huntflow's signature was refused")
            raise AuthenticationFailed("The signature is not Huntflow's.")
        if not is_ping(body, request.headers.get("X-Huntflow-Event", "")):
            self._keep(event_of(body))
        return Response(status=204)

    def _is_from_huntflow(self, body: bytes, signature: str) -> bool:
        try:
            secret = credentials.read(WEBHOOK_SECRET)
        except credentials.MissingCredentialError:
            return False
        return is_signed(body, signature, secret)

    def _keep(self, event: Event) -> None:
        _one, is_new = WebhookDelivery.objects.get_or_create(
            key=event.key,
            defaults={
                "event_type": event.type,
                "account": event.account,
                "object_id": event.object_id,
            },
        )
        said = "kept" if is_new else "known already"
        log.info("Huntflow event %s of account %d is %s", event.type, event.account, said)
