"""What people do with their calendar and Drive. Google's client is imported by the first call."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User

from apps.google_oauth.grants import renewed, usable

if TYPE_CHECKING:
    from logic.google.calendar import Placed
    from logic.google.drive import Page


def place_interview(user: User, key: str, **described: Any) -> "Placed":
    """Put an interview into the user's calendar under a key of the user's choice.

    Raises EventDiffersError, ConsentNeededError, GoogleError.
    """
    calendar = import_module("logic.google.calendar")
    with _service("calendar", user) as service:
        interview = calendar.Interview(**described)
        return calendar.place(service, calendar.event_id(str(user.pk), key), interview)


def remove_interview(user: User, key: str) -> None:
    """Raises ConsentNeededError, GoogleError."""
    calendar = import_module("logic.google.calendar")
    with _service("calendar", user) as service:
        calendar.remove(service, calendar.event_id(str(user.pk), key))


def list_folder(user: User, folder: str, page: str | None) -> "Page":
    """Raises ConsentNeededError, GoogleError."""
    drive = import_module("logic.google.drive")
    with _service("drive", user) as service:
        return drive.list_folder(service, folder, page)


@contextmanager
def _service(name: str, user: User) -> Iterator[Any]:
    google = import_module("logic.google.service")
    found = usable(user)
    credentials = google.GrantedCredentials(found.access, lambda: renewed(user, found).access)
    with google.service(name, settings.GOOGLE_APIS_URL, credentials) as service:
        yield service
