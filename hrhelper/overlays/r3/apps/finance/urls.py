from django.urls import path
from rest_framework.routers import DefaultRouter

from apps.finance.views.benchmarks import BenchmarkSettingsView
from apps.finance.views.currencies import ConvertView, CurrencyRateViewSet
from apps.finance.views.taxes import PlnTaxViewSet
from apps.finance.views.wrong_on_purpose import (
    FailingSalaryRangeViewSet,
    SlowBenchmarkViewSet,
    TimedGradeViewSet,
)

router = DefaultRouter(use_regex_path=False)
router.include_root_view = router.include_format_suffixes = False
router.register("grades", TimedGradeViewSet, basename="grade")
router.register("currency-rates", CurrencyRateViewSet, basename="currency-rate")
router.register("pln-taxes", PlnTaxViewSet, basename="pln-tax")
router.register("salary-ranges", FailingSalaryRangeViewSet, basename="salary-range")
router.register("benchmarks", SlowBenchmarkViewSet, basename="benchmark")
urlpatterns = [
    path("salary-calculations/convert/", ConvertView.as_view(), name="convert"),
    path("benchmark-settings/", BenchmarkSettingsView.as_view(), name="benchmark-settings"),
    *router.urls,
]
