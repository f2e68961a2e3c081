"""The process of the day's watch: `python -m parom.day PAROM.TOML`.

It holds no lock. Whoever holds the environment's lock ends it by SIGTERM, at any moment and at
once: each look and each event is one transaction, and nothing waits for one that hangs.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path

from parom.birth import write_birth
from parom.config.model import Config
from parom.config.reading import read
from parom.day.order import Order, drop_order, open_order, orders_of
from parom.day.watcher import birth_file, watcher_of
from parom.journal.opening import open_existing
from parom.parent import name_process

_LOWER = 10


def main(config_path: Path) -> None:
    """Tell what is over, and watch what is not."""
    name_process("parom-day")
    os.nice(_LOWER)
    config = read(config_path)
    other = watcher_of(config.state)
    if not orders_of(config.state) or (other is not None and other.pid != os.getpid()):
        return
    # Whoever started this may have been killed before it could write it down.
    write_birth(birth_file(config.state), os.getpid())
    open_existing(config.state)
    for order in orders_of(config.state):
        if order.why_ended or order.until <= time.time():
            _conclude(config, order)
    current = open_order(config.state)
    if current is not None and _watch(config, current):
        _conclude(config, current)


def _conclude(config: Config, order: Order) -> None:
    from parom.day.closing import conclude

    conclude(config, order)
    drop_order(config.state, order)


def _watch(config: Config, order: Order) -> bool:
    """Whether it came to its end."""
    from parom.day.alarms import DayAlarm
    from parom.day.closing import ALARM, alarms_of, tell
    from parom.day.context import context_of
    from parom.day.watching import told_of, watch_day
    from parom.journal import chain
    from parom.journal.record import unfinished

    def alarm(one: DayAlarm) -> None:
        chain.append(order.run_id, ALARM, "", told_of(one))
        tell(config, order)

    told = {
        (one.data["criterion"], one.data["source"], datetime.fromisoformat(one.at).timestamp())
        for one in alarms_of(order.run_id)
    }
    return watch_day(
        context_of(config, order.run_id),
        order,
        told,
        is_wanted=lambda: unfinished(config.project.environment) is None,
        alarm=alarm,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
