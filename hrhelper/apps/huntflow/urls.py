from django.urls import path
from rest_framework.routers import DefaultRouter

from apps.huntflow.views.applicants import ApplicantViewSet
from apps.huntflow.views.connection import ConnectionView, TestConnectionView
from apps.huntflow.views.mirror import AccountViewSet, StatusViewSet, VacancyViewSet
from apps.huntflow.views.syncs import SyncViewSet
from apps.huntflow.views.webhooks import WebhookView

router = DefaultRouter(use_regex_path=False)
router.include_root_view = router.include_format_suffixes = False
router.register("accounts", AccountViewSet, basename="huntflow-account")
router.register("vacancies", VacancyViewSet, basename="huntflow-vacancy")
router.register("statuses", StatusViewSet, basename="huntflow-status")
router.register("applicants", ApplicantViewSet, basename="huntflow-applicant")
router.register("sync", SyncViewSet, basename="huntflow-sync")
urlpatterns = [
    path("connection/", ConnectionView.as_view(), name="huntflow-connection"),
    path("test-connection/", TestConnectionView.as_view(), name="huntflow-test-connection"),
    path("webhooks/", WebhookView.as_view(), name="huntflow-webhooks"),
    *router.urls,
]
