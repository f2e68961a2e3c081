"""The key, and calls of Gemini with it. The SDK is imported by the first call."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings

from apps.accounts import credentials
from apps.accounts.models import Credential

if TYPE_CHECKING:
    from logic.gemini.client import Answer, Connection
    from logic.gemini.verdict import Verdict

KEY = "gemini"
CHAT_INSTRUCTION = "You help a recruiter. Be brief, and say so where you do not know."


def store_key(key: str) -> Credential:
    """Raises CredentialKeyError."""
    return credentials.store(KEY, key, kind=Credential.Kind.GEMINI)


def look_up_model() -> str:
    """The model's name as Gemini knows it. Raises GeminiError, MissingCredentialError."""
    return _client().look_up_model(_connection())


def ask(turns: list[tuple[str, str]]) -> "Answer":
    """The next turn of a chat of (role, text). Raises GeminiError, MissingCredentialError."""
    client = _client()
    return client.ask(_connection(), [client.Turn(*one) for one in turns], CHAT_INSTRUCTION)


def judge(vacancy: str, candidate: str, wishes: str) -> "tuple[Verdict, Answer]":
    """See logic.gemini.verdict. Raises GeminiError, MissingCredentialError."""
    verdict = import_module("logic.gemini.verdict")
    return verdict.judge(_connection(), vacancy, candidate, wishes)


def _connection() -> "Connection":
    return _client().Connection(
        key=credentials.read(KEY),
        base_url=settings.GEMINI_URL,
        api_version=settings.GEMINI_API_VERSION,
        model=settings.GEMINI_MODEL,
        timeout_s=settings.GEMINI_TIMEOUT_S,
    )


def _client() -> Any:
    return import_module("logic.gemini.client")
