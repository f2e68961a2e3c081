"""What Gemini says of candidates: read it, and ask."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, FormView, ListView

from apps.gemini.analyses import analyze
from apps.gemini.models import Analysis
from apps.pages.failures import told_to_people
from apps.pages.forms import LONGEST_NAME, AnalysisForm
from apps.pages.page import RECRUITERS, ROWS, Page
from apps.vacancies.models import Vacancy
from logic.base.errors import DomainError, OutsideError


class AnalysesPage(Page, ListView):
    roles = RECRUITERS
    section = "analyses"
    template_name = "pages/analyses.html"
    paginate_by = ROWS

    def get_queryset(self) -> QuerySet[Analysis]:
        return Analysis.objects.select_related("vacancy", "user")


class AnalysisPage(Page, DetailView):
    roles = RECRUITERS
    section = "analyses"
    template_name = "pages/analysis.html"
    queryset = Analysis.objects.select_related("vacancy", "user")


class AskPage(Page, FormView):
    roles = RECRUITERS
    section = "analyses"
    template_name = "pages/ask.html"
    form_class = AnalysisForm

    def get_initial(self) -> dict[str, Any]:
        return {"candidate": self.request.GET.get("candidate", "")[:LONGEST_NAME]}

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(vacancy=self._vacancy(), **more)

    def form_valid(self, form: AnalysisForm) -> HttpResponse:
        vacancy = self._vacancy()
        try:
            made = analyze(vacancy, **form.cleaned_data, user=self.request.user)
        except DomainError as problem:
            form.add_error(None, told_to_people(problem))
            # Not Gemini's own 401: it is not the visitor who is not logged in.
            status = 502 if isinstance(problem, OutsideError) else 422
            return self.render_to_response(self.get_context_data(form=form), status=status)
        return redirect("analysis-page", made.pk)

    def _vacancy(self) -> Vacancy:
        return get_object_or_404(Vacancy, pk=self.kwargs["pk"])
