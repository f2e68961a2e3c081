from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.core.loop import run_until_stopped
from apps.finance.derived import background_work


class Command(BaseCommand):
    help = "Does background work until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        def work() -> int:
            try:
                return background_work()
            finally:
                connection.close()

        run_until_stopped("worker", 2.0, work)
