"""Work that a request starts and does not wait for."""

from typing import Any

from django.utils.module_loading import import_string
from rest_framework.exceptions import APIException


class BrokerAwayError(APIException):
    """The task could not be handed over: 503, and nothing was started."""

    status_code = 503
    default_code = "broker_unavailable"
    default_detail = "Background work cannot be started now; try again later."


def start(task: str, *arguments: Any) -> str:
    """Hand a task over by its dotted path, `apps.core.tasks.scheduled`; the id of its run.

    Without a broker it has been done when this returns, well or not: what it did, it says
    where it says so otherwise. Raises BrokerAwayError.
    """
    # Celery is not for the start of the web.
    from kombu.exceptions import OperationalError

    try:
        return str(import_string(task).delay(*arguments).id)
    except OperationalError:
        # Without its cause: that may name the broker's address.
        raise BrokerAwayError from None
