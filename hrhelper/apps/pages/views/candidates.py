"""Candidates of Huntflow's mirror, and how far its sync is."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView

from apps.core.search import folded
from apps.huntflow.models import Applicant
from apps.huntflow.syncs import request_sync
from apps.pages.candidate_rows import candidate_rows, name_in_huntflow
from apps.pages.page import RECRUITERS, ROWS, Page, number_of
from apps.pages.sync_state import sync_state
from logic.base.errors import DomainError


class CandidatesPage(Page, ListView):
    roles = RECRUITERS
    section = "candidates"
    template_name = "pages/candidates.html"
    paginate_by = ROWS

    def get_queryset(self) -> QuerySet[Applicant]:
        found = Applicant.objects.filter(removed_at=None).prefetch_related("links")
        self.vacancy = number_of(self.request.GET.get("vacancy", ""))
        if self.vacancy:
            found = found.filter(links__vacancy=self.vacancy)
        text = folded(self.request.GET.get("q", ""))
        return found.filter(search_text__contains=text) if text else found

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = super().get_context_data(**more)
        told["vacancy"] = self.vacancy and name_in_huntflow(self.vacancy)
        return told | sync_state() | {"rows": candidate_rows(told["object_list"])}


class CandidatePage(Page, DetailView):
    roles = RECRUITERS
    section = "candidates"
    template_name = "pages/candidate.html"
    queryset = Applicant.objects.filter(removed_at=None).prefetch_related("links")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(row=candidate_rows([self.object])[0], **more)


class SyncPage(Page, TemplateView):
    """The newest sync; the page asks for itself again while that one is open."""

    roles = RECRUITERS
    section = "candidates"
    template_name = "pages/sync.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**sync_state(), **more)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for a sync, or find the one that is open."""
        try:
            request_sync(request.user)
        except DomainError:
            messages.error(request, _("Huntflow is not connected: an administrator can do it."))
            return redirect("candidates-page")
        return redirect("sync-page")
