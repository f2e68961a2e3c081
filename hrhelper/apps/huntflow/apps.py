from django.apps import AppConfig


class HuntflowConfig(AppConfig):
    name = "apps.huntflow"
