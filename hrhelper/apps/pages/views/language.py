"""Another language, remembered in a cookie."""

from django.http import HttpRequest, HttpResponse
from django.views import View
from django.views.i18n import set_language

from apps.pages.page import Guarded


class LanguagePage(Guarded, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to where the visitor was."""
        return set_language(request)
