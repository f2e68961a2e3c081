"""Logging in and out."""

from django.contrib.auth.views import LoginView, LogoutView

from apps.pages.page import Guarded


class LoginPage(Guarded, LoginView):
    template_name = "pages/login.html"
    redirect_authenticated_user = True


class LogoutPage(Guarded, LogoutView):
    next_page = "login"
