from django.urls import path
from rest_framework.routers import DefaultRouter

from apps.gemini.views.analyses import AnalysisViewSet, AnalyzeView
from apps.gemini.views.chats import ChatSessionViewSet
from apps.gemini.views.key import KeyView, TestConnectionView

router = DefaultRouter()
router.include_root_view = router.include_format_suffixes = False
router.register("sessions", ChatSessionViewSet, basename="chat-session")
router.register("analyses", AnalysisViewSet, basename="analysis")
urlpatterns = [
    path("key/", KeyView.as_view(), name="gemini-key"),
    path("test-connection/", TestConnectionView.as_view(), name="gemini-test-connection"),
    path("analyze/", AnalyzeView.as_view(), name="gemini-analyze"),
    *router.urls,
]
