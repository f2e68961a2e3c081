"""Filters of the mirror's lists. All ids are Huntflow's."""

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from apps.huntflow.models import Applicant, Link, Status, Vacancy

LONGEST_TEXT = 200


class VacancyFilter(filters.FilterSet):
    account = filters.NumberFilter("account__external_id")

    class Meta:
        model = Vacancy
        fields = ("external_id", "state")


class StatusFilter(filters.FilterSet):
    account = filters.NumberFilter("account__external_id")

    class Meta:
        model = Status
        fields = ("external_id",)


class ApplicantFilter(filters.FilterSet):
    """`vacancy` and `status` together: at this status on this vacancy."""

    account = filters.NumberFilter("account__external_id")
    vacancy = filters.NumberFilter(method="by_link")
    status = filters.NumberFilter(method="by_link")
    q = filters.CharFilter(method="by_text", max_length=LONGEST_TEXT)

    class Meta:
        model = Applicant
        fields = ("external_id",)

    def filter_queryset(self, queryset: QuerySet[Applicant]) -> QuerySet[Applicant]:
        found = super().filter_queryset(queryset)
        given = {name: self.form.cleaned_data[name] for name in ("vacancy", "status")}
        link = {name: value for name, value in given.items() if value is not None}
        if not link:
            return found
        return found.filter(Exists(Link.objects.filter(applicant=OuterRef("pk"), **link)))

    def by_link(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Both at once, in filter_queryset: two joins would mean two different links."""
        return queryset

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Part of a name, an e-mail or a phone, in any case of letters."""
        return queryset.filter(search_text__contains=value.casefold())
