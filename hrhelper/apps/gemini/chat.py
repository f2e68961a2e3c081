"""A question in a chat, and its answer."""

from django.db import transaction
from django.db.models import Max

from apps.gemini import connection
from apps.gemini.models import ChatMessage, ChatSession

# Of a long chat Gemini is told the end.
MOST_TURNS_TOLD = 40


def ask(session: ChatSession, text: str) -> ChatMessage:
    """The answer, stored with its question; where there is none, neither is stored.

    Raises GeminiError, MissingCredentialError, and IntegrityError where another question of
    the same chat was answered meanwhile.
    """
    before = session.messages.order_by("-number").values_list("role", "text")[:MOST_TURNS_TOLD]
    last = session.messages.aggregate(last=Max("number"))["last"] or 0
    answer = connection.ask([*reversed(before), (ChatMessage.Role.USER, text)])
    with transaction.atomic():
        session.messages.create(number=last + 1, role=ChatMessage.Role.USER, text=text)
        return session.messages.create(
            number=last + 2,
            role=ChatMessage.Role.MODEL,
            text=answer.text,
            tokens_used=answer.tokens,
            response_ms=answer.took_ms,
        )
