from django_filters import rest_framework as filters

from apps.vacancies.models import Vacancy


class VacancyFilter(filters.FilterSet):
    grade = filters.NumberFilter(field_name="grades", lookup_expr="exact")
    interviewer = filters.NumberFilter(field_name="interviewers", lookup_expr="exact")

    class Meta:
        model = Vacancy
        fields = ("external_id", "recruiter", "is_active")
