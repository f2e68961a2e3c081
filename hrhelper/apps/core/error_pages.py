"""Errors outside the endpoints: under /api/ the envelope, elsewhere Django's own pages."""

import math

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

from apps.core.errors import enveloped

API = "/api/"
LONGEST_WAIT_S = 300


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse(enveloped("bad_request", "The request is malformed.", {}), status=400)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        said = enveloped("not_found", "There is nothing at this address.", {})
        return JsonResponse(said, status=404)
    return defaults.page_not_found(request, exception)


def too_many(request: HttpRequest) -> HttpResponse:
    """After `request.wait_s` seconds it may be tried again, where whoever counts knows that."""
    wait_s = getattr(request, "wait_s", LONGEST_WAIT_S)
    if request.path.startswith(API):
        said = enveloped("throttled", f"Too many requests; try again in {wait_s} s.", {})
        answer: HttpResponse = JsonResponse(said, status=429)
    else:
        told = {"minutes": math.ceil(wait_s / 60)}
        answer = render(request, "429.html", told, status=429)
    answer["Retry-After"] = str(wait_s)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing of the error: it is in the log, with its traceback."""
    if request.path.startswith(API):
        said = enveloped("server_error", "The server failed; the failure is in its log.", {})
        return JsonResponse(said, status=500)
    return defaults.server_error(request)
