from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.finance.derived import forget
from apps.finance.models import Benchmark, CurrencyRate, Grade, PlnTax, SalaryRange

admin.site.register(PlnTax)


@admin.register(Grade)
class GradeAdmin(admin.ModelAdmin):
    list_display = ("name", "rank")


@admin.register(CurrencyRate)
class CurrencyRateAdmin(admin.ModelAdmin):
    list_display = ("currency", "rate", "scale", "fetched_at")
    list_filter = ("currency",)


@admin.register(SalaryRange)
class SalaryRangeAdmin(admin.ModelAdmin):
    fields = ("vacancy", "grade", "min_usd", "max_usd")
    list_display = ("vacancy", "grade", "min_usd", "max_usd")
    list_filter = ("grade",)
    list_select_related = ("vacancy", "grade")
    search_fields = ("vacancy__name",)
    raw_id_fields = ("vacancy",)

    def save_model(self, request: HttpRequest, obj: SalaryRange, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget(obj)


@admin.register(Benchmark)
class BenchmarkAdmin(admin.ModelAdmin):
    list_display = ("vacancy_name", "type", "grade", "salary_from", "is_active")
    list_filter = ("type", "grade", "is_active")
    list_select_related = ("grade",)
    search_fields = ("vacancy_name", "technologies")
