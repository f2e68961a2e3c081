"""`parom notices send`: what waits is tried now, by the courier at work or without one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from parom.config.model import Config
from parom.courier.composing import Composer
from parom.courier.delivering import Delivery
from parom.courier.lock import alone_or_not
from parom.courier.pace import Pace
from parom.courier.places import places_of, setting_of
from parom.courier.reporting import Reports
from parom.journal import outbox
from parom.journal.models import Followed
from parom.ports import Clock, Notifier
from parom.wiring import SystemClock, notifiers_of
from parom.words.language import Language, Words

_PACE = Pace(every_s=0.1)
_SLOWEST_S = 20 * _PACE.limit_s


def send_now(config: Config) -> tuple[str, ...]:
    """Try everything that waits once; the places at which something still waits."""
    clock, notifiers = SystemClock(), notifiers_of(config)
    delivery = Delivery(notifiers, clock, _PACE)
    began = clock.now()
    outbox.make_due(began)
    with alone_or_not(config.state) as alone:
        if alone:
            _compose(config, tuple(notifiers), clock)
        until = clock.monotonic() + _SLOWEST_S
        while clock.monotonic() < until and (delivery.under_way or _untried(notifiers, clock)):
            if alone:
                delivery.step()
            clock.wait(_PACE.every_s)
    Reports(config).tell(delivery.arrived)
    left = outbox.waiting().order_by("place").values_list("place", flat=True)
    return tuple(dict.fromkeys(left))


def _untried(places: Mapping[str, Notifier], clock: Clock) -> bool:
    """Whether something may be tried now. What fails is due later, and keeps what comes after
    it at the same place."""
    now: datetime = clock.now()
    return any(outbox.first_due(place, now) is not None for place in places)


def _compose(config: Config, names: tuple[str, ...], clock: Clock) -> None:
    """Letters of runs whose courier was killed before it had written them."""
    words = Words(Language(config.project.language))
    composer = Composer(setting_of(config), words, places_of(config, names))
    for run_id in Followed.objects.filter(is_over=False).values_list("run_id", flat=True):
        composer.compose(run_id, clock.now())
