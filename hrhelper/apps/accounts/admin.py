from django.contrib import admin
from django.http import HttpRequest

from apps.accounts.models import Credential


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin):
    """Which secrets there are and until when; never their content, and nothing to type in."""

    list_display = ("name", "kind", "expires_at", "updated_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    readonly_fields = ("name", "kind", "expires_at", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
