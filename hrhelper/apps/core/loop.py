"""Long-running commands: work, rest, and leave at once when asked to."""

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable

from logic.base.errors import DomainError
from logic.base.pacing import delay_after_failures, rest_after

log = logging.getLogger(__name__)


def run_until_stopped(name: str, every_s: float, work: Callable[[], int]) -> None:
    """Call `work` again and again until SIGTERM or SIGINT; it says how much it did."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    # What is loaded stays. Else Python looks through all of it, several times, at the end, while
    # a deployment's visitors wait.
    gc.freeze()
    log.info("%s started", name)
    run(name, every_s, work, stopped.wait)
    log.info("%s stopped", name)


def run(
    name: str,
    every_s: float,
    work: Callable[[], int],
    wait: Callable[[float], bool],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Work until `wait` says that it is time to leave.

    While there is something to do it rests in proportion to what a round took, else
    `every_s`. An error is logged, and tried again later and later: the log stays readable.
    """
    failures = 0
    while True:
        began = clock()
        try:
            done = work()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the next round comes
            failures += 1
            log_failure(name, problem)
            delay = delay_after_failures(failures, every_s)
        else:
            failures = 0
            delay = rest_after(clock() - began) if done else every_s
        if wait(delay):
            return


def log_failure(name: str, problem: Exception) -> None:
    """A line for what somebody has to set right, a traceback for a bug."""
    if isinstance(problem, DomainError):
        log.error("%s cannot go on: %s", name, problem.message)
    else:
        log.error("%s failed in one round", name, exc_info=problem)
