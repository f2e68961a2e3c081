"""Salaries, rates, taxes and benchmarks in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.role_admin import RoleAdmin, SwitchAdmin
from apps.finance.derived import forget
from apps.finance.models import (
    Benchmark,
    BenchmarkSettings,
    CurrencyRate,
    Grade,
    PlnTax,
    SalaryRange,
)
from apps.finance.roles import FINANCE_WRITERS
from logic.base.errors import DomainError
from logic.finance.rates import update_rates


class FinanceAdmin(RoleAdmin):
    write_roles = FINANCE_WRITERS


@admin.register(Grade)
class GradeAdmin(FinanceAdmin):
    list_display = ("name", "rank")
    search_fields = ("name",)


@admin.register(PlnTax)
class PlnTaxAdmin(FinanceAdmin):
    list_display = ("name", "rate", "is_active")
    list_editable = ("is_active",)
    list_filter = ("is_active",)
    search_fields = ("name",)


@admin.register(CurrencyRate)
class CurrencyRateAdmin(FinanceAdmin):
    list_display = ("currency", "rate", "scale", "fetched_at")
    list_filter = ("currency", "fetched_at")
    date_hierarchy = "fetched_at"
    actions = ("fetch",)

    @admin.action(description=_("Fetch today's rates from the National Bank"), permissions=["add"])
    def fetch(self, request: HttpRequest, chosen: QuerySet[CurrencyRate]) -> None:
        """Whichever rows were chosen: the admin has no actions without any."""
        try:
            update_rates()
        except DomainError as problem:
            self.message_user(request, problem.message, messages.ERROR)
        else:
            self.message_user(request, _("The rates have been fetched."), messages.SUCCESS)


@admin.register(SalaryRange)
class SalaryRangeAdmin(FinanceAdmin):
    fields = ("vacancy", "grade", "min_usd", "max_usd")
    list_display = ("vacancy", "grade", "min_usd", "max_usd", "updated_at")
    list_filter = ("grade",)
    list_select_related = ("vacancy", "grade")
    search_fields = ("vacancy__name", "vacancy__external_id")
    raw_id_fields = ("vacancy",)

    def save_model(self, request: HttpRequest, obj: SalaryRange, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget(obj)


@admin.register(Benchmark)
class BenchmarkAdmin(SwitchAdmin):
    write_roles = FINANCE_WRITERS
    list_display = ("vacancy_name", "type", "grade", "salary_from", "salary_to", "is_active")
    list_filter = ("type", "grade", "is_active", "created_at")
    list_select_related = ("grade",)
    search_fields = ("vacancy_name", "technologies", "domain", "hh_vacancy_id")
    date_hierarchy = "created_at"
    actions = ("count", "leave_out")

    @admin.action(description=_("Count in the averages"), permissions=["change"])
    def count(self, request: HttpRequest, chosen: QuerySet[Benchmark]) -> None:
        self.switch(request, chosen, True)

    @admin.action(description=_("Leave out of the averages"), permissions=["change"])
    def leave_out(self, request: HttpRequest, chosen: QuerySet[Benchmark]) -> None:
        self.switch(request, chosen, False)


@admin.register(BenchmarkSettings)
class BenchmarkSettingsAdmin(FinanceAdmin):
    """One row: it can be added where it is not there, and not be deleted."""

    list_display = ("__str__", "tax_percent", "daily_candidates", "daily_vacancies", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not BenchmarkSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: BenchmarkSettings, form: Any, change: bool
    ) -> None:
        obj.id = BenchmarkSettings.current().id
        super().save_model(request, obj, form, change)
