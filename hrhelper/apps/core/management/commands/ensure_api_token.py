import os
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser
from rest_framework.authtoken.models import Token

from apps.accounts.roles import Role, grant


class Command(BaseCommand):
    help = "Writes a user's API token, as a header line, to a file for its owner alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR.value)

    def handle(self, *args: Any, **options: Any) -> None:
        user, made = get_user_model().objects.get_or_create(username=options["username"])
        if made:
            user.set_unusable_password()
            user.save()
        grant(user, Role(options["role"]))
        token, _ = Token.objects.get_or_create(user=user)
        descriptor = os.open(options["file"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            os.fchmod(descriptor, 0o600)  # a file that was there keeps its mode otherwise
            out.write(f"Authorization: Token {token.key}\n")
