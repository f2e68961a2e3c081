"""Errors outside the endpoints: under /api/ the envelope, elsewhere Django's own pages."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from apps.core.errors import enveloped

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse(enveloped("bad_request", "The request is malformed.", {}), status=400)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        said = enveloped("not_found", "There is nothing at this address.", {})
        return JsonResponse(said, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing of the error: it is in the log, with its traceback."""
    if request.path.startswith(API):
        said = enveloped("server_error", "The server failed; the failure is in its log.", {})
        return JsonResponse(said, status=500)
    return defaults.server_error(request)
