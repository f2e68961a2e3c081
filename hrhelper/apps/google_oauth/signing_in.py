"""Logging in with Google, by django-allauth: for people who are here already, and linked it."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

NOWHERE = "nowhere"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An administrator makes accounts; nobody makes their own."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What limits count by. A socket file has no address: then all visitors share one."""
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return NOWHERE


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """A Google account that nobody linked opens nothing, whatever its e-mail address is."""
        return False
