from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.core.loop import run_until_stopped
from apps.core.sessions import clear_expired


class Command(BaseCommand):
    help = "Does what is due by the clock until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        def work() -> int:
            try:
                clear_expired()
            finally:
                connection.close()
            return 0

        run_until_stopped("scheduler", 600.0, work)
