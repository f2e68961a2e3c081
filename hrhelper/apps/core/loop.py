"""Long-running commands: work, wait, and leave at once when asked to."""

import logging
import signal
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def run_until_stopped(name: str, every_s: float, work: Callable[[], int]) -> None:
    """Call `work` again and again until SIGTERM or SIGINT; it says how much it did.

    While there is something to do there is no wait. An error is logged with its traceback
    and the loop goes on with its next round.
    """
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    log.info("%s started", name)
    while not stopped.is_set():
        try:
            done = work()
        except Exception:
            log.exception("%s failed in one round", name)
            done = 0
        stopped.wait(0 if done else every_s)
    log.info("%s stopped", name)
