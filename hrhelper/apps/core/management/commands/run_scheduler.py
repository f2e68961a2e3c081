import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from apps.core.due import Clock
from apps.core.loop import run_until_stopped

# The scheduler without a file: releases change under it, and what was missed is not made up for.
CELERY = (
    *(sys.executable, "-m", "celery", "--app", "config", "beat"),
    *("--scheduler", "celery.beat:Scheduler", "--pidfile="),
)
LOOK_EVERY_S = 20.0


class Command(BaseCommand):
    help = "Does what is due by the clock until it is stopped: by Celery where there is a broker."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BROKER_URL:
            # The same process goes on, so whoever stops this one by its pid stops beat.
            os.execv(sys.executable, CELERY)  # noqa: S606
        clock = Clock()

        def work() -> int:
            try:
                clock.call_what_is_due()
            finally:
                connection.close()
            return 0

        run_until_stopped("scheduler", LOOK_EVERY_S, work)
