from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterviewersConfig(AppConfig):
    name = "apps.interviewers"
    verbose_name = _("Interviewers")
