"""Django's name for the journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "parom.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
