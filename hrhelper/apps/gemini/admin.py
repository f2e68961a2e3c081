from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.accounts.role_admin import RoleAdmin
from apps.gemini.models import Analysis
from apps.gemini.views.answers import MAY_ASK


# Chats are not here: nobody but who asked sees them.
@admin.register(Analysis)
class AnalysisAdmin(RoleAdmin):
    """To look at and to delete: what Gemini said is not written by hand."""

    read_roles = write_roles = MAY_ASK
    list_display = ("vacancy", "candidate", "score", "recommendation", "user", "created_at")
    list_filter = ("recommendation", "created_at")
    list_select_related = ("vacancy", "user")
    search_fields = ("candidate", "vacancy__name", "summary")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
