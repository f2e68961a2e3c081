from rest_framework.routers import DefaultRouter

from apps.vacancies.views import VacancyViewSet

router = DefaultRouter()
router.include_root_view = False
router.register("", VacancyViewSet, basename="vacancy")
urlpatterns = router.urls
