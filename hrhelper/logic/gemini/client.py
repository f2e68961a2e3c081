"""Asks Gemini, by Google's own SDK. Import it at the first use: the SDK takes its time."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from google import genai
from google.genai import errors, types
from pydantic import BaseModel, ValidationError

from logic.gemini.errors import (
    GeminiAnswerError,
    GeminiRefusedError,
    GeminiTimeoutError,
    GeminiUnreachableError,
)

MOST_TOKENS_OF_AN_ANSWER = 8192
Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Connection:
    """Where Gemini is, and by which key; `timeout_s` bounds each wait for it."""

    key: str = field(repr=False)
    base_url: str
    api_version: str
    model: str
    timeout_s: float


@dataclass(frozen=True)
class Turn:
    """One message of a chat; `role` is user or model."""

    role: str
    text: str


@dataclass(frozen=True)
class Answer:
    """`tokens` counts question and answer, as Gemini bills them."""

    text: str
    tokens: int
    took_ms: int


def ask(connection: Connection, turns: Sequence[Turn], instruction: str) -> Answer:
    """The next turn of a chat. Raises GeminiError."""
    return _generate(connection, turns, types.GenerateContentConfig(system_instruction=instruction))


def ask_for(
    connection: Connection, question: str, instruction: str, shape: type[Shape]
) -> tuple[Shape, Answer]:
    """An answer of this shape. Raises GeminiError, also where the answer is of another."""
    config = types.GenerateContentConfig(
        system_instruction=instruction,
        response_mime_type="application/json",
        response_schema=shape,
        temperature=0,
    )
    answer = _generate(connection, [Turn("user", question)], config)
    try:
        return shape.model_validate_json(answer.text), answer
    except ValidationError as problem:
        wrong = ", ".join(sorted({".".join(map(str, one["loc"])) for one in problem.errors()}))
        raise GeminiAnswerError(f"Gemini's answer has another form: {wrong or 'all'}.") from None


def look_up_model(connection: Connection) -> str:
    """The name of the model as Gemini knows it: address and key are good. Raises GeminiError."""
    with _connected(connection) as client:
        return client.models.get(model=connection.model).name or ""


def _generate(
    connection: Connection, turns: Sequence[Turn], config: types.GenerateContentConfig
) -> Answer:
    config.max_output_tokens = MOST_TOKENS_OF_AN_ANSWER
    # There are no functions to call, and the SDK would say so in the log each time.
    config.automatic_function_calling = types.AutomaticFunctionCallingConfig(disable=True)
    contents = [types.Content(role=one.role, parts=[types.Part(text=one.text)]) for one in turns]
    began = time.monotonic()
    with _connected(connection) as client:
        response = client.models.generate_content(
            model=connection.model, contents=contents, config=config
        )
    took_ms = round((time.monotonic() - began) * 1000)
    usage = response.usage_metadata
    return Answer(_text(response), (usage and usage.total_token_count) or 0, took_ms)


def _text(response: types.GenerateContentResponse) -> str:
    """All of the text, or GeminiAnswerError: half an answer must not pass for one."""
    first = response.candidates[0] if response.candidates else None
    reason = first.finish_reason if first else None
    if reason is not types.FinishReason.STOP:
        blocked = response.prompt_feedback and response.prompt_feedback.block_reason
        said = getattr(blocked or reason, "name", "no answer")
        raise GeminiAnswerError(f"Gemini's answer was cut short or held back: {said}.")
    if not response.text:
        raise GeminiAnswerError("Gemini's answer is empty.")
    return response.text


@contextmanager
def _connected(connection: Connection) -> Iterator[genai.Client]:
    """A client that asks once; what goes wrong with it becomes a GeminiError.

    Errors keep no cause: the SDK's and pydantic's hold the answer's body.
    """
    with httpx.Client(timeout=connection.timeout_s) as http:
        options = types.HttpOptions(
            base_url=connection.base_url,
            api_version=connection.api_version,
            timeout=round(connection.timeout_s * 1000),
            httpx_client=http,
        )
        try:
            yield genai.Client(vertexai=False, api_key=connection.key, http_options=options)
        except errors.APIError as problem:
            raise GeminiRefusedError(problem.code, _retry_after(problem.response)) from None
        except httpx.TimeoutException:
            raise GeminiTimeoutError(
                f"Gemini did not answer within {connection.timeout_s:g} s."
            ) from None
        except httpx.HTTPError as problem:
            raise GeminiUnreachableError(
                f"There was no whole answer of Gemini: {type(problem).__name__}."
            ) from None
        except (ValueError, AttributeError, errors.UnknownApiResponseError):
            raise GeminiAnswerError("Gemini's answer is not what its API promises.") from None


def _retry_after(response: Any) -> int | None:
    said = getattr(response, "headers", {}).get("Retry-After", "")
    return int(said) if said.isdecimal() else None
