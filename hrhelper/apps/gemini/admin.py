from django.contrib import admin
from django.http import HttpRequest

from apps.gemini.models import Analysis


@admin.register(Analysis)
class AnalysisAdmin(admin.ModelAdmin):
    """To look at and to delete: what Gemini said is not written by hand."""

    list_display = ("vacancy", "candidate", "score", "recommendation", "user", "created_at")
    list_filter = ("recommendation", "created_at")
    list_select_related = ("vacancy", "user")
    search_fields = ("candidate", "vacancy__name", "summary")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Analysis | None = None) -> bool:
        return False
