"""Begins, ends and carries on the watch of the day. The caller holds the environment's lock.

The orders on disk say what is to be watched, the journal whether that still holds: as long as no
other run was accepted since. Before a run begins, the process is ended; when the run is over, what
becomes of the orders is settled. Whoever holds the lock only writes orders: looking, judging and
telling is done by the process, which holds none.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import psutil

from parom.adapters.services.outliving import Outliving
from parom.birth import write_birth
from parom.config.model import Config
from parom.day.order import Order, orders_of, write_order
from parom.day.watcher import birth_file, end_watcher, watcher_of
from parom.environment import clean_environment
from parom.journal import chain
from parom.journal.models import Run
from parom.journal.record import last_accepted, unfinished
from parom.words.said import said

_TELLING_S = 30.0


def order_day(config: Config, run: Run, now: float) -> None:
    """Have what `run` has deployed watched from now on (epoch seconds), if the configuration
    wants it; `settle` begins."""
    if config.watch.day_s:
        order = Order(run.id, str(run.plan["release_id"]), now, now + config.watch.day_s)
        write_order(config.state, order)
        chain.append(run.id, "day-ordered", "", {"until": order.until})


def settle(config: Config, proxies: Mapping[str, str]) -> None:
    """What is still to be watched is watched, and what no longer is, is told. While a run waits
    to be carried on or taken back, neither. May be repeated.

    `proxies` are those by which whoever is told can be reached (`proxies_here`).
    """
    environment = config.project.environment
    if unfinished(environment) is not None:
        return
    last = last_accepted(environment)
    for order in orders_of(config.state):
        if not config.watch.day_s:
            _end(config, order, said("it was switched off"))
        elif last is None or last.id != order.run_id:
            after = said("{what} came after it", what=last.asked) if last else None
            _end(config, order, after or said("nothing runs"))
    if orders_of(config.state) and watcher_of(config.state) is None:
        _start(config, proxies)


def end(config: Config, why: str, proxies: Mapping[str, str]) -> None:
    """No more watching; what was seen so far is written down, and will be told. Nothing where
    nothing was watched."""
    end_watcher(config.state)
    for order in orders_of(config.state):
        _end(config, order, why)
    if not orders_of(config.state):
        return
    _start(config, proxies)
    process = watcher_of(config.state)
    with contextlib.suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
        if process is not None:
            process.wait(_TELLING_S)


def _end(config: Config, order: Order, why: str) -> None:
    if not order.why_ended:
        write_order(config.state, replace(order, why_ended=why))


def _start(config: Config, proxies: Mapping[str, str]) -> None:
    """A Python of its own, which inherits neither the lock nor a connection to the journal."""
    with (config.state / "day" / "log").open("ab") as log:
        process = Outliving(
            [sys.executable, "-m", "parom.day", str(config.file)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=clean_environment(proxies),
            start_new_session=True,
        )
    write_birth(birth_file(config.state), process.pid)
