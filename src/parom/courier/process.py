"""What the courier's own process does."""

from __future__ import annotations

from pathlib import Path

from parom.config.model import Config
from parom.config.reading import read
from parom.courier.pace import STANDARD, Pace
from parom.journal.opening import open_journal


def main(config_path: Path, run_id: str, pace: Pace = STANDARD, epoch: int | None = None) -> int:
    """Carry the news of one run; the exit status. `epoch`, where whoever starts it has taken
    one already."""
    config = read(config_path)
    if not config.notices.go_somewhere:
        return 0
    open_journal(config.state)
    from parom.courier.lock import alone
    from parom.journal.outbox import follow

    epoch = follow(run_id) if epoch is None else epoch
    with alone(config.state):
        carry(config, run_id, epoch, pace)
    return 0


def carry(config: Config, run_id: str, epoch: int, pace: Pace) -> None:
    from parom.courier.carrying import Courier
    from parom.courier.composing import Composer
    from parom.courier.delivering import Delivery
    from parom.courier.places import places_of, setting_of
    from parom.courier.reporting import Reports
    from parom.wiring import SystemClock, notifiers_of
    from parom.words.language import Language, Words

    notifiers, clock = notifiers_of(config), SystemClock()
    composer = Composer(
        setting_of(config), Words(Language(config.project.language)), places_of(config, notifiers)
    )
    delivery = Delivery(notifiers, clock, pace)
    reports = Reports(config)
    Courier(run_id, epoch, config.state, composer, delivery, reports, clock, pace).carry()
