import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.huntflow import remote
from logic.base.errors import DomainError

LONGEST_INPUT = 10_000


class Command(BaseCommand):
    help = (
        "Keeps Huntflow's tokens, encrypted. Reads JSON from the standard input, as arguments"
        ' show in process lists: {"access_token": …, "refresh_token": …, "webhook_secret": …};'
        " the webhook's secret may be left out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            given = json.loads(sys.stdin.read(LONGEST_INPUT))
            access, refresh = str(given["access_token"]), str(given["refresh_token"])
        except (ValueError, TypeError, KeyError):
            # Without its cause: that would show what was read.
            raise CommandError("The input is not the JSON that --help describes.") from None
        try:
            remote.keep_tokens(access, refresh)
            if given.get("webhook_secret"):
                remote.keep_webhook_secret(str(given["webhook_secret"]))
        except DomainError as problem:
            raise CommandError(problem.message) from None
        self.stdout.write("Huntflow is connected; POST /api/v1/huntflow/test-connection/ tries it.")
