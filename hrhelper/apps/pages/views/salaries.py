"""Salary ranges in all currencies."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import ListView

from apps.finance import derived
from apps.finance.models import Grade, SalaryRange
from apps.pages.page import ROWS, Page
from apps.pages.salary_rows import salary_rows
from logic.finance.rates import latest_rates, newest_moment

MOST_GRADES = 200
MOST_DIGITS = 18  # of an id: the database refuses larger numbers with an error


class SalariesPage(Page, ListView):
    section = "salaries"
    template_name = "pages/salaries.html"
    paginate_by = ROWS

    def get_queryset(self) -> QuerySet[SalaryRange]:
        found = SalaryRange.objects.select_related("vacancy", "grade")
        grade = self.request.GET.get("grade", "")
        if grade.isdecimal() and len(grade) <= MOST_DIGITS:
            found = found.filter(grade=int(grade))
        return derived.with_amounts(found)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = super().get_context_data(**more)
        told["grades"] = Grade.objects.all()[:MOST_GRADES]
        told["grade"] = self.request.GET.get("grade", "")
        told["currencies"] = derived.SHOWN_CURRENCIES
        told["salary_rows"] = salary_rows(told["object_list"])
        told["rates"], told["rates_of"] = latest_rates().values(), newest_moment()
        return told
