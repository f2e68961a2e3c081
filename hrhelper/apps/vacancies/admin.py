"""Vacancies in the admin."""

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.role_admin import SwitchAdmin
from apps.vacancies.models import Vacancy
from apps.vacancies.roles import RECRUITING_WRITERS


@admin.register(Vacancy)
class VacancyAdmin(SwitchAdmin):
    write_roles = RECRUITING_WRITERS
    list_display = ("name", "external_id", "recruiter", "is_active", "updated_at")
    list_filter = ("is_active", "grades", "created_at")
    search_fields = ("name", "external_id", "recruiter", "search_text")
    raw_id_fields = ("interviewers",)
    filter_horizontal = ("grades",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    readonly_fields = ("created_at", "updated_at")
    actions = ("open_again", "close")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Vacancy], search_term: str
    ) -> tuple[QuerySet[Vacancy], bool]:
        """What is searched is folded, so that Т and т are one letter on SQLite, too."""
        return super().get_search_results(request, queryset, search_term.casefold())

    @admin.action(description=_("Open again"), permissions=["change"])
    def open_again(self, request: HttpRequest, chosen: QuerySet[Vacancy]) -> None:
        self.switch(request, chosen, True)

    @admin.action(description=_("Close"), permissions=["change"])
    def close(self, request: HttpRequest, chosen: QuerySet[Vacancy]) -> None:
        self.switch(request, chosen, False)
