"""Celery: where a broker is configured its workers do the tasks, else they run at once.

Nothing of it is imported at the start of the web: it would double that. A `tasks.py` takes
`shared_task` from here, so that these settings hold for whoever calls a task first.
"""

import logging
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery, shared_task  # noqa: E402
from celery.schedules import crontab  # noqa: E402
from celery.signals import setup_logging  # noqa: E402
from django.conf import settings  # noqa: E402

from config.redis import CONNECT_S  # noqa: E402
from config.schedule import ROUND_EVERY_S, ROUNDS, SCHEDULE, At, Every  # noqa: E402

__all__ = ["app", "shared_task"]

LONGEST_TASK_S = 3600
# A line for each round that was asked for, taken and done would be a hundred thousand a day.
TALKATIVE = ("celery.beat", "celery.worker.strategy", "celery.app.trace")
RESULTS_KEPT_S = 86_400


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The table of config/schedule.py as Celery beat reads it."""
    by_clock = {
        name: {
            "task": "apps.core.tasks.scheduled",
            "args": [name],
            "schedule": _celery_schedule(entry.when),
        }
        for name, entry in SCHEDULE.items()
    }
    rounds = {
        f"round-{name}": {
            "task": "apps.core.tasks.one_round",
            "args": [name],
            "schedule": ROUND_EVERY_S,
            # Rounds that nobody took in time would pile up behind a long task.
            "options": {"expires": ROUND_EVERY_S},
        }
        for name in ROUNDS
    }
    return by_clock | rounds


def _celery_schedule(when: Every | At) -> float | crontab:
    if isinstance(when, Every):
        return when.seconds
    # Celery counts Sunday as 0.
    days = ",".join(str((day + 1) % 7) for day in when.weekdays)
    return crontab(minute="0", hour=",".join(map(str, when.hours)), day_of_week=days)


app = Celery("hrhelper")
app.conf.update(
    broker_url=settings.BROKER_URL or "memory://",
    result_backend=settings.BROKER_URL or "cache+memory://",
    task_always_eager=not settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": CONNECT_S},
    # A request that hands a task over must not wait long for a broker that is away.
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1},
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    result_expires=RESULTS_KEPT_S,
    task_time_limit=LONGEST_TASK_S,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_send_task_events=False,
    timezone=settings.TIME_ZONE,
    beat_schedule=beat_schedule(),
)
app.autodiscover_tasks()
for name in TALKATIVE:
    logging.getLogger(name).setLevel(logging.WARNING)


@setup_logging.connect
def _keep_the_log_of_the_settings(**_: Any) -> None:
    """A receiver is all it takes: Celery then leaves logging as Django has set it up."""
