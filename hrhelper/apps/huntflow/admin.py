"""The mirror in the admin: to look at and to search. Changes are made in Huntflow."""

from django.contrib import admin
from django.http import HttpRequest

from apps.huntflow.models import Account, Applicant, Link, Status, SyncJob, Vacancy


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nobody adds, changes or deletes here: the next sync would undo it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class LinkInline(admin.TabularInline):
    model = Link
    extra = 0
    can_delete = False


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
    list_display = ("last_name", "first_name", "position", "external_id", "account", "removed_at")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("search_text", "external_id")
    inlines = (LinkInline,)


@admin.register(SyncJob)
class SyncJobAdmin(ReadOnlyAdmin):
    list_display = ("id", "state", "stage", "page", "seen", "changed", "removed", "created_at")
    list_filter = ("state",)
    list_select_related = ("requested_by",)
