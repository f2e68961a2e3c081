"""The tasks behind the tables of config/schedule.py."""

import logging
import time

from django.db import OperationalError
from django.utils.module_loading import import_string

from config.celery import shared_task
from config.schedule import ROUND_EVERY_S, ROUNDS, SCHEDULE
from logic.base.errors import DomainError

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def scheduled(name: str) -> None:
    """Make the call of an entry of the schedule."""
    import_string(SCHEDULE[name].call)()
    log.info("%s is done", name)


@shared_task(ignore_result=True)
def one_round(name: str) -> None:
    """Do what waits, part by part, until nothing does or the next round is due."""
    work = import_string(ROUNDS[name])
    end = time.monotonic() + ROUND_EVERY_S
    try:
        while work() and time.monotonic() < end:
            pass
    # The next round comes soon: a line, and no traceback each time.
    except DomainError as problem:
        log.error("%s cannot go on: %s", name, problem.message)
    except OperationalError as problem:
        log.error("%s cannot go on: the database is away (%s)", name, type(problem).__name__)
