"""Chats with Gemini: each person has their own."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.gemini import chat
from apps.gemini.models import ChatSession
from apps.gemini.serializers import ChatMessageSerializer, ChatSessionSerializer
from apps.gemini.views.answers import AsksGemini, failures


class ChatSessionViewSet(AsksGemini, ModelViewSet):
    """Create, read, rename, delete; read the messages, and ask."""

    serializer_class = ChatSessionSerializer
    queryset = ChatSession.objects.all()
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def get_queryset(self) -> QuerySet[ChatSession]:
        return super().get_queryset().filter(user=self.request.user.pk)

    def perform_create(self, serializer: ChatSessionSerializer) -> None:
        serializer.save(user=self.request.user)

    @extend_schema(responses=ChatMessageSerializer(many=True))
    @action(detail=True, methods=["get"], serializer_class=ChatMessageSerializer)
    def messages(self, request: Request, pk: str | None = None) -> Response:
        """The messages of a chat, the first first."""
        page = self.paginate_queryset(self.get_object().messages.order_by("number"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        request=ChatMessageSerializer, responses={201: ChatMessageSerializer} | failures(404, 409)
    )
    @messages.mapping.post
    def ask(self, request: Request, pk: str | None = None) -> Response:
        """Ask, and get the answer; where there is none, the question is not kept either."""
        session = self.get_object()
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        answer = chat.ask(session, given.validated_data["text"])
        return Response(self.get_serializer(answer).data, status=201)
