from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts import credentials
from logic.base.errors import DomainError


class Command(BaseCommand):
    help = (
        "Encrypts all credentials anew with the first key of HRHELPER_CREDENTIAL_KEYS;"
        " the older keys can be taken off the list afterwards."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = credentials.rotate()
        except DomainError as problem:
            raise CommandError(problem.message) from None
        self.stdout.write(f"{count} credentials are encrypted with the newest key.")
