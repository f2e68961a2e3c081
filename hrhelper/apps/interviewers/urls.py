from rest_framework.routers import DefaultRouter

from apps.interviewers.views import InterviewerViewSet, InterviewViewSet

router = DefaultRouter(use_regex_path=False)
router.include_root_view = router.include_format_suffixes = False
router.register("interviews", InterviewViewSet, basename="interview")
router.register("", InterviewerViewSet, basename="interviewer")
urlpatterns = router.urls
