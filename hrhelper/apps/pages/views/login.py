"""Logging in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView

from apps.pages.page import Guarded


class LoginPage(Guarded, LoginView):
    template_name = "pages/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(has_google=bool(settings.GOOGLE_CLIENT_ID), **more)


class LogoutPage(Guarded, LogoutView):
    next_page = "login"
