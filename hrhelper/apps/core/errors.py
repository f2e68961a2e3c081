"""One envelope for every error: `{"error": {"code", "message", "details"}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from logic.base.errors import DomainError


class Unprocessable(exceptions.APIException):
    """The request is well-formed and cannot be carried out: 422."""

    status_code = 422
    default_code = "unprocessable"


def envelope(problem: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What it does not know stays an error 500 with its traceback."""
    if isinstance(problem, DomainError):
        problem = Unprocessable(problem.message, code=problem.code)
    response = exception_handler(problem, context)
    if response is None:
        return None
    code, message, details = _described(problem, response.data)
    response.data = {"error": {"code": code, "message": message, "details": details}}
    return response


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
