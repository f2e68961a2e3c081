from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        # Importing registers the system check.
        from apps.accounts import key_check  # noqa: F401
