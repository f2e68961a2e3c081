from django.contrib import admin
from django.http import HttpRequest
from rest_framework.authtoken.models import TokenProxy

from apps.accounts.models import Credential

# Its pages, titles and history all show the token. `manage.py ensure_api_token` writes one to a
# file; deactivating its user locks its holder out, `manage.py drf_create_token -r` replaces it.
admin.site.unregister(TokenProxy)


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin):
    """Which secrets there are and until when; never their content, and nothing to type in."""

    list_display = ("name", "kind", "expires_at", "updated_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    readonly_fields = ("name", "kind", "expires_at", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
