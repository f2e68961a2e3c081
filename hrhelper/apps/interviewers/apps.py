from django.apps import AppConfig


class InterviewersConfig(AppConfig):
    name = "apps.interviewers"
