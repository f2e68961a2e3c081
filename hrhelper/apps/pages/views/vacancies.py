"""Vacancies: find one, read it, switch it on and off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from apps.finance import derived
from apps.gemini.models import Analysis
from apps.huntflow.models import Vacancy as Mirrored
from apps.pages.page import RECRUITERS, ROWS, Page, number_of
from apps.pages.salary_rows import salary_table
from apps.vacancies.choosing import matching, of_recruiter
from apps.vacancies.models import Vacancy

LATEST_ANALYSES = 10


class VacanciesPage(Page, ListView):
    section = "vacancies"
    template_name = "pages/vacancies.html"
    paginate_by = ROWS

    def get_queryset(self) -> QuerySet[Vacancy]:
        found = Vacancy.objects.prefetch_related("grades")
        if self.request.GET.get("mine"):
            found = of_recruiter(found, self.request.user)
        if self.request.GET.get("active"):
            found = found.filter(is_active=True)
        return matching(found, self.request.GET.get("q", ""))


class VacancyPage(Page, DetailView):
    section = "vacancies"
    template_name = "pages/vacancy.html"
    queryset = Vacancy.objects.prefetch_related("grades", "interviewers")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = super().get_context_data(**more)
        ranges = self.object.salary_ranges.select_related("grade")
        told |= salary_table(derived.with_amounts(ranges))
        if told["may_recruit"]:
            told["candidates_of"] = self._number_in_huntflow()
            told["analyses"] = Analysis.objects.filter(vacancy=self.object)[:LATEST_ANALYSES]
        return told

    def _number_in_huntflow(self) -> int | None:
        """Where the mirror has a vacancy of this number."""
        number = number_of(self.object.external_id)
        is_there = number is not None and Mirrored.objects.filter(external_id=number).exists()
        return number if is_there else None

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch the vacancy on or off."""
        if self.held.isdisjoint(RECRUITERS):
            raise PermissionDenied
        vacancy = get_object_or_404(Vacancy, pk=pk)
        vacancy.is_active = not vacancy.is_active
        vacancy.save(update_fields=["is_active", "updated_at"])
        said = _("The vacancy is open again.") if vacancy.is_active else _("The vacancy is closed.")
        messages.success(request, said)
        return redirect("vacancy-page", pk)
