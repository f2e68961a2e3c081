"""`parom quarantine apply`, in a process that ends itself by SIGKILL at one point.

python -m tests.cli.putter CONFIG RUN POINT KEY ..
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from parom.config.reading import read
from parom.journal.opening import open_existing


def main(arguments: list[str]) -> None:
    config_path, run_id, wanted, *keys = arguments
    config = read(Path(config_path))
    open_existing(config.state)
    from parom.engine.applying import apply
    from parom.engine.putting_back import Choice
    from parom.journal.lease import take_lock
    from parom.wiring import installation_of

    lock = take_lock(config.state, config.project.environment)

    def end_at(point: str) -> None:
        if point == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    choice = Choice(keys=frozenset(keys), values_looked_at=True)
    apply(installation_of(config), run_id, choice, end_at)
    lock.let_go()


if __name__ == "__main__":
    main(sys.argv[1:])
