from django_filters import rest_framework as filters

from apps.core.filters import IdFilter
from apps.core.moments import MomentFilter
from apps.interviewers.models import Interview, Interviewer


class InterviewerFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Interviewer
        fields = ("email", "is_active")


class InterviewFilter(filters.FilterSet):
    since = MomentFilter(field_name="starts_at", lookup_expr="gte")
    until = MomentFilter(field_name="starts_at", lookup_expr="lt")
    vacancy = IdFilter(field_name="vacancy_id")
    interviewer = IdFilter(field_name="interviewer_id")

    class Meta:
        model = Interview
        fields = ()
