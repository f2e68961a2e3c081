"""The maintenance switch inside the application: a flag file, without a restart.

Put it first in MIDDLEWARE. Settings, all optional: PAROM_FLAG_FILE (default
BASE_DIR/.env.maintenance), PAROM_BYPASS_KEY_FILE (default: beside the flag file, with .key
at the end), PAROM_PAGE_FOLDER, PAROM_RETRY_AFTER (seconds, 30).
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from parom_site.bypass import HEADER, is_valid
from parom_site.flag import Flag
from parom_site.page import Pages


class MaintenanceMiddleware(MiddlewareMixin):
    """While the flag is on: 503 for all but requests with a valid bypass."""

    def __init__(self, get_response: object) -> None:
        super().__init__(get_response)  # type: ignore[arg-type]  # what Django passes
        base = Path(getattr(settings, "BASE_DIR", "."))
        file = Path(getattr(settings, "PAROM_FLAG_FILE", base / ".env.maintenance"))
        self._flag = Flag(file)
        default_key = file.with_name(file.name + ".key")
        self._key = Path(getattr(settings, "PAROM_BYPASS_KEY_FILE", default_key))
        folder = getattr(settings, "PAROM_PAGE_FOLDER", None)
        self._pages = Pages(
            Path(folder) if folder else None,
            retry_after_s=int(getattr(settings, "PAROM_RETRY_AFTER", 30)),
        )

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not self._flag.is_on() or is_valid(request.headers.get(HEADER, ""), self._key):
            return None
        page = self._pages.page(
            request.headers.get("Accept", ""), request.headers.get("Accept-Language", "")
        )
        response = HttpResponse(page.body, status=503)
        for name, value in page.headers.items():
            response[name] = value
        return response
