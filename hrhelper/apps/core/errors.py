"""One envelope for every error: `{"error": {"code", "message", "details"}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from logic.base.errors import DomainError, OutsideError


class Unprocessable(exceptions.APIException):
    """The request is well-formed and cannot be carried out: 422."""

    status_code = 422
    default_code = "unprocessable"


class Conflict(exceptions.APIException):
    """What is there already forbids it: 409."""

    status_code = 409
    default_code = "conflict"
    default_detail = "Other data depend on it, or the same is there already."


class OutsideFailure(exceptions.APIException):
    """A service behind this one failed or did not answer: 502, or what the error says."""

    def __init__(self, problem: OutsideError) -> None:
        super().__init__(problem.message, problem.code)
        self.status_code = problem.answer_status
        if problem.retry_after_s is not None:
            self.wait = problem.retry_after_s  # DRF makes it Retry-After


def envelope(problem: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What it does not know stays an error 500 with its traceback."""
    problem = _as_answer(problem)
    response = exception_handler(problem, context)
    if response is None:
        return None
    response.data = enveloped(*_described(problem, response.data))
    return response


def enveloped(code: str, message: str, details: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": details}}


def _as_answer(problem: Exception) -> Exception:
    if isinstance(problem, OutsideError):
        return OutsideFailure(problem)
    if isinstance(problem, DomainError):
        return Unprocessable(problem.message, code=problem.code)
    if isinstance(problem, IntegrityError):  # ProtectedError is one
        return Conflict()
    return problem


def _described(problem: Exception, data: Any) -> tuple[str, str, Any]:
    if isinstance(problem, exceptions.ValidationError):
        return "validation_error", "The request has errors.", data
    if isinstance(problem, Http404):
        return "not_found", "There is nothing at this address.", {}
    if isinstance(problem, PermissionDenied):
        return "permission_denied", "You may not do this.", {}
    if isinstance(problem, exceptions.APIException):
        return str(problem.get_codes()), str(problem.detail), {}
    return "error", str(problem), {}
