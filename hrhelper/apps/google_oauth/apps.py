from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoogleOAuthConfig(AppConfig):
    name = "apps.google_oauth"
    verbose_name = _("Google")
