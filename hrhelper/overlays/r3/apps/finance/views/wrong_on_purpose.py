"""What is wrong with release r3, for demonstrations of a return.

Listing benchmarks does its work three times; and after a minute of use, counted in each
process from its first request here, the statistics of salary ranges fail.
"""

import time
from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.finance.views.benchmarks import BenchmarkViewSet
from apps.finance.views.grades import GradeViewSet
from apps.finance.views.salary_ranges import SalaryRangeViewSet
from config.settings import env

FAULT_AFTER_S = float(env.text("HRHELPER_FAULT_AFTER_SECONDS", "60"))
_first_request: list[float] = []


def fault_is_due() -> bool:
    """Whether this process has been in use for FAULT_AFTER_S."""
    if not _first_request:
        _first_request.append(time.monotonic())
    return time.monotonic() - _first_request[0] >= FAULT_AFTER_S


class TimedGradeViewSet(GradeViewSet):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        fault_is_due()


class SlowBenchmarkViewSet(BenchmarkViewSet):
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        for _ in range(2):
            super().list(request, *args, **kwargs)
        return super().list(request, *args, **kwargs)


class FailingSalaryRangeViewSet(SalaryRangeViewSet):
    @action(detail=False, methods=["get"], pagination_class=None)
    def stats(self, request: Request) -> Response:
        if fault_is_due():
            raise RuntimeError("the statistics were divided by a number that became zero")
        return super().stats(request)
