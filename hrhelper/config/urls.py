"""All addresses of HR Helper."""

from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

from apps.core.health import HealthView, LiveView, ReadyView

urlpatterns = [
    path("", include("apps.pages.urls")),
    path("admin/", admin.site.urls),
    path("livez", LiveView.as_view(), name="livez"),
    path("readyz", ReadyView.as_view(), name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/health/", HealthView.as_view(), name="health"),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/v1/accounts/", include("apps.accounts.urls")),
    path("api/v1/vacancies/", include("apps.vacancies.urls")),
    path("api/v1/interviewers/", include("apps.interviewers.urls")),
    path("api/v1/finance/", include("apps.finance.urls")),
    path("api/v1/huntflow/", include("apps.huntflow.urls")),
    path("api/v1/gemini/", include("apps.gemini.urls")),
    path("api/v1/google/", include("apps.google_oauth.urls")),
]

if settings.SERVE_STATIC:
    urlpatterns.append(path("static/<path:path>", serve, {"insecure": True}))

handler400 = "apps.core.error_pages.bad_request"
handler404 = "apps.core.error_pages.not_found"
handler429 = "apps.core.error_pages.too_many"  # django-allauth's, for its own pages, too
handler500 = "apps.core.error_pages.server_error"
