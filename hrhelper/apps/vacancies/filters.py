from django_filters import rest_framework as filters

from apps.core.filters import IdFilter
from apps.vacancies.models import Vacancy


class VacancyFilter(filters.FilterSet):
    grade = IdFilter(field_name="grades")
    interviewer = IdFilter(field_name="interviewers")

    class Meta:
        model = Vacancy
        fields = ("external_id", "recruiter", "is_active")
