import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.module_loading import import_string

from apps.core.loop import run_until_stopped
from apps.core.rounds import Rounds
from config.schedule import ROUNDS

CELERY = (
    *(sys.executable, "-m", "celery", "--app", "config", "worker"),
    *("--without-gossip", "--without-mingle"),
)


class Command(BaseCommand):
    help = "Does background work until it is stopped: as a Celery worker where there is a broker."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BROKER_URL:
            # The same process goes on, so whoever stops this one by its pid stops the worker.
            processes = f"--concurrency={settings.WORKER_PROCESSES}"
            os.execv(sys.executable, (*CELERY, processes))  # noqa: S606
        rounds = Rounds({name: import_string(path) for name, path in ROUNDS.items()})

        def work() -> int:
            try:
                return rounds.work()
            finally:
                connection.close()

        run_until_stopped("worker", 2.0, work)
