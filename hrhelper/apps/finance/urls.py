from django.urls import path
from rest_framework.routers import DefaultRouter

from apps.finance.views.benchmarks import BenchmarkSettingsView, BenchmarkViewSet
from apps.finance.views.currencies import ConvertView, CurrencyRateViewSet
from apps.finance.views.grades import GradeViewSet
from apps.finance.views.salary_ranges import SalaryRangeViewSet
from apps.finance.views.taxes import PlnTaxViewSet

router = DefaultRouter(use_regex_path=False)
router.include_root_view = router.include_format_suffixes = False
router.register("grades", GradeViewSet, basename="grade")
router.register("currency-rates", CurrencyRateViewSet, basename="currency-rate")
router.register("pln-taxes", PlnTaxViewSet, basename="pln-tax")
router.register("salary-ranges", SalaryRangeViewSet, basename="salary-range")
router.register("benchmarks", BenchmarkViewSet, basename="benchmark")
urlpatterns = [
    path("salary-calculations/convert/", ConvertView.as_view(), name="convert"),
    path("benchmark-settings/", BenchmarkSettingsView.as_view(), name="benchmark-settings"),
    *router.urls,
]
