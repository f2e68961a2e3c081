"""Interviewers and their interviews in the admin; limits are kept to here, too."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.role_admin import RoleAdmin, SwitchAdmin
from apps.interviewers.models import Interview, Interviewer
from apps.vacancies.roles import RECRUITING_WRITERS
from logic.interviewers.availability import InterviewerBusyError, check_room


@admin.register(Interviewer)
class InterviewerAdmin(SwitchAdmin):
    write_roles = RECRUITING_WRITERS
    list_display = ("name", "email", "daily_limit", "weekly_limit", "is_active")
    list_filter = ("is_active", "min_grade", "max_grade")
    list_select_related = ("min_grade", "max_grade")
    search_fields = ("name", "email")
    actions = ("let_rest", "ask_again")

    @admin.action(description=_("Let rest"), permissions=["change"])
    def let_rest(self, request: HttpRequest, chosen: QuerySet[Interviewer]) -> None:
        self.switch(request, chosen, False)

    @admin.action(description=_("Ask again"), permissions=["change"])
    def ask_again(self, request: HttpRequest, chosen: QuerySet[Interviewer]) -> None:
        self.switch(request, chosen, True)


class InterviewForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if {"interviewer", "starts_at"} <= set(given):
            try:
                with transaction.atomic():
                    check_room(given["interviewer"], given["starts_at"], self.instance.pk)
            except InterviewerBusyError as problem:
                raise ValidationError({"starts_at": problem.message}) from None
        return given


@admin.register(Interview)
class InterviewAdmin(RoleAdmin):
    write_roles = RECRUITING_WRITERS
    form = InterviewForm
    list_display = ("starts_at", "interviewer", "vacancy", "minutes")
    list_filter = ("starts_at",)
    list_select_related = ("interviewer", "vacancy")
    search_fields = ("interviewer__name", "interviewer__email", "vacancy__name")
    raw_id_fields = ("interviewer", "vacancy")
    date_hierarchy = "starts_at"
