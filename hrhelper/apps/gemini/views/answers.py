"""What callers are told where Gemini does not help."""

from typing import Any

from drf_spectacular.utils import OpenApiTypes
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from apps.accounts.roles import Role
from logic.gemini.errors import GeminiError

MAY_ASK = (Role.ADMINISTRATOR, Role.RECRUITER)
# For the OpenAPI document: the answers of each endpoint that asks Gemini.
FAILURES = dict.fromkeys((401, 403, 422, 429, 502, 504), OpenApiTypes.OBJECT)


class GeminiFailure(APIException):
    """The status of the failure; 401, 403 and 429 are Gemini's own, and the code says so."""

    def __init__(self, problem: GeminiError) -> None:
        super().__init__(problem.message, problem.code)
        self.status_code = problem.status
        wait = getattr(problem, "retry_after_s", None)
        if wait is not None:
            self.wait = wait  # becomes Retry-After


class AsksGemini:
    """For views: recruiters and administrators may, and Gemini's failures are told as such."""

    read_roles = write_roles = MAY_ASK

    def handle_exception(self, problem: Exception) -> Response:
        known = GeminiFailure(problem) if isinstance(problem, GeminiError) else problem
        return super().handle_exception(known)  # type: ignore[misc]


def failures(*more: int) -> dict[int, Any]:
    return FAILURES | dict.fromkeys(more, OpenApiTypes.OBJECT)
