from rest_framework.routers import DefaultRouter

from apps.vacancies.views import VacancyViewSet

router = DefaultRouter(use_regex_path=False)
router.include_root_view = router.include_format_suffixes = False
router.register("", VacancyViewSet, basename="vacancy")
urlpatterns = router.urls
