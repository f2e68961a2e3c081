from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.http import HttpRequest

from apps.accounts.role_admin import RoleAdmin
from apps.google_oauth.models import Grant

# They would hold secrets as they are. The application's own comes from the environment, and
# tokens of a login are not kept.
admin.site.unregister((SocialApp, SocialToken))


@admin.register(Grant)
class GrantAdmin(RoleAdmin):
    """To look at; people agree, and take it back, themselves."""

    list_display = ("user", "connected_at", "is_over")
    list_filter = ("is_over",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__last_name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Grant | None = None) -> bool:
        return False
