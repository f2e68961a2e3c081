"""Salary ranges in all currencies."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import ListView

from apps.core.search import folded
from apps.finance import derived
from apps.finance.models import Grade, SalaryRange
from apps.pages.page import ROWS, Page, number_of
from apps.pages.salary_rows import salary_table
from logic.finance.rates import latest_rates, newest_moment

MOST_GRADES = 200


class SalariesPage(Page, ListView):
    section = "salaries"
    template_name = "pages/salaries.html"
    paginate_by = ROWS

    def get_queryset(self) -> QuerySet[SalaryRange]:
        found = SalaryRange.objects.select_related("vacancy", "grade")
        grade = number_of(self.request.GET.get("grade", ""))
        if grade is not None:
            found = found.filter(grade=grade)
        text = folded(self.request.GET.get("q", ""))
        if text:
            found = found.filter(vacancy__search_text__contains=text)
        return derived.with_amounts(found)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = super().get_context_data(**more)
        told["grades"] = Grade.objects.all()[:MOST_GRADES]
        told["grade"] = self.request.GET.get("grade", "")
        told |= salary_table(told["object_list"])
        told["rates"], told["rates_of"] = latest_rates().values(), newest_moment()
        return told
