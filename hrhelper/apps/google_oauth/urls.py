from django.urls import path, re_path

from apps.google_oauth.views.calls import FolderView, InterviewsView, InterviewView
from apps.google_oauth.views.consent import CallbackView, ConnectView, GrantView

urlpatterns = [
    path("grant/", GrantView.as_view(), name="google-grant"),
    path("connect/", ConnectView.as_view(), name="google-connect"),
    path("callback/", CallbackView.as_view(), name="google-callback"),
    path("interviews/", InterviewsView.as_view(), name="google-interviews"),
    re_path(
        r"^interviews/(?P<key>[\w.-]{1,100})/\Z", InterviewView.as_view(), name="google-interview"
    ),
    re_path(
        r"^folders/(?P<folder>[A-Za-z0-9_-]{1,128})/\Z", FolderView.as_view(), name="google-folder"
    ),
]
