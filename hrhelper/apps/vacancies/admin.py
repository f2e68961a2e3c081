from django.contrib import admin

from apps.vacancies.models import Vacancy


@admin.register(Vacancy)
class VacancyAdmin(admin.ModelAdmin):
    list_display = ("name", "external_id", "recruiter", "is_active", "updated_at")
    list_filter = ("is_active", "grades")
    search_fields = ("name", "external_id", "recruiter")
