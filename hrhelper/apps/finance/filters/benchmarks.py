from django_filters import rest_framework as filters

from apps.finance.models import Benchmark


class BenchmarkFilter(filters.FilterSet):
    vacancy_name = filters.CharFilter(lookup_expr="icontains")
    location = filters.CharFilter(lookup_expr="iexact")
    salary_from_least = filters.NumberFilter(field_name="salary_from", lookup_expr="gte")
    salary_from_most = filters.NumberFilter(field_name="salary_from", lookup_expr="lte")

    class Meta:
        model = Benchmark
        fields = ("type", "grade", "work_format", "domain", "hh_vacancy_id", "is_active")
