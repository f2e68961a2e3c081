"""The mirror in the admin: to look at and to search. Changes are made in Huntflow."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts.role_admin import ReadOnlyAdmin
from apps.huntflow.models import (
    Account,
    Applicant,
    Link,
    Status,
    SyncJob,
    Vacancy,
    WebhookDelivery,
)
from apps.huntflow.roles import RECRUITERS


class LinkInline(admin.TabularInline):
    model = Link
    extra = 0
    can_delete = False
    fields = ("vacancy", "status", "changed")

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever sees the applicant sees it."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("name", "external_id", "member_type", "removed_at", "updated_at")


@admin.register(Vacancy)
class VacancyAdmin(ReadOnlyAdmin):
    list_display = ("position", "external_id", "account", "state", "removed_at", "updated_at")
    list_filter = ("account", "state")
    list_select_related = ("account",)
    search_fields = ("position", "external_id")


@admin.register(Status)
class StatusAdmin(ReadOnlyAdmin):
    list_display = ("name", "external_id", "account", "type", "order", "removed_at")
    list_filter = ("account", "type")
    list_select_related = ("account",)


@admin.register(Applicant)
class ApplicantAdmin(ReadOnlyAdmin):
    read_roles = RECRUITERS
    show_full_result_count = False
    list_display = ("last_name", "first_name", "position", "external_id", "account", "removed_at")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("search_text", "external_id")
    inlines = (LinkInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Applicant], search_term: str
    ) -> tuple[QuerySet[Applicant], bool]:
        """What is searched is folded, so that Т and т are one letter on SQLite, too."""
        return super().get_search_results(request, queryset, search_term.casefold())


@admin.register(SyncJob)
class SyncJobAdmin(ReadOnlyAdmin):
    list_display = ("id", "state", "stage", "page", "seen", "changed", "removed", "created_at")
    list_filter = ("state",)
    list_select_related = ("requested_by",)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    read_roles = RECRUITERS
    list_display = ("event_type", "account", "object_id", "received_at", "done_at", "failures")
    list_filter = ("event_type", "received_at")
    search_fields = ("object_id",)
    date_hierarchy = "received_at"
