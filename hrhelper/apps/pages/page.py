"""What all pages have in common: who may see them, and what a browser may do with them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from apps.accounts.roles import EVERY_ROLE, Role, roles_of

RECRUITERS = (Role.ADMINISTRATOR, Role.RECRUITER)
ROWS = 50
MOST_DIGITS = 18  # of an id: the database refuses larger numbers with an error
# No scripts, nothing from elsewhere, and no page of somebody else around ours.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def number_of(text: str) -> int | None:
    """An id that somebody wrote into an address; None where it can be none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def menu(request: HttpRequest) -> dict[str, Any]:
    """A context processor: what the head of every page needs to know, errors' pages included."""
    may = SimpleLazyObject(lambda: not roles_of(request.user).isdisjoint(RECRUITERS))
    return {"may_recruit": may, "has_google": bool(settings.GOOGLE_CLIENT_ID)}


class Guarded:
    """A page under the policy. Candidates' data must not stay in a browser's cache."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Content-Security-Policy"] = POLICY
        response["Cache-Control"] = "no-store"
        return response


class Page(Guarded):
    """For those who are logged in and have one of the `roles`; `section` marks the menu."""

    roles: tuple[Role, ...] = EVERY_ROLE
    section = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.held = roles_of(request.user)
        if self.held.isdisjoint(self.roles):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = {"section": self.section, "may_recruit": not self.held.isdisjoint(RECRUITERS)}
        return super().get_context_data(**told, **more)
