"""Looks every ten seconds until the end of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from parom.day.alarms import DayAlarm, Hours
from parom.day.order import Order, open_order
from parom.facts import GatewayState
from parom.steps.collecting import Collector
from parom.steps.expecting import day_expected_of, day_parameters_of
from parom.steps.step import Context
from parom.steps.watching import before_of
from parom.verdict.kept import samples_of
from parom.verdict.observed import Observed, observed

EVERY_S = 10.0
_LEAST_LOOKS, _SHORTEST_S = 100, 0.1


def every_s(day_s: float) -> float:
    """Between two looks; a day that is a trial of some seconds has a hundred looks too."""
    return min(EVERY_S, max(_SHORTEST_S, day_s / _LEAST_LOOKS))


def watch_day(
    context: Context,
    order: Order,
    told: set[tuple[str, str, float]],
    is_wanted: Callable[[], bool],
    alarm: Callable[[DayAlarm], None],
) -> bool:
    """Until its end; False where it is no longer wanted.

    It rolls nothing back: an alarm is told, and it goes on. `told` are criterion, source and
    time of what an earlier process has told.
    """
    clock, config = context.installation.clock, context.installation.config
    every = every_s(order.until - order.began)
    before, expected = before_of(context), day_expected_of(context)

    def fresh(at: float) -> Observed:
        span_s = min(hours.hour_s, order.until - at)
        return observed(day_parameters_of(config, span_s, every), expected, before, at)

    hours = Hours(order.began, fresh)
    hours.told = {(hours.hour_of(at), criterion, source) for criterion, source, at in told}
    begins = hours.begins_at(clock.now().timestamp())
    seen = [one for one in context.measurements.rows("day") if one.at >= begins]
    with Collector(context, "day") as collector:
        while (now := clock.now().timestamp()) < order.until:
            began = clock.monotonic()
            if not is_wanted() or open_order(config.state) != order:
                return False
            # Whoever keeps the public out, or starts anew what runs, does so on purpose.
            if context.installation.gateway.state() is GatewayState.OPEN:
                rows, seen = seen + collector.look(), []
                for one in hours.after(samples_of(rows), clock.now().timestamp()):
                    alarm(one)
            left = min(order.until - now, every - (clock.monotonic() - began))
            clock.wait(max(0.0, left))
    return True


def told_of(one: DayAlarm) -> dict[str, str]:
    """An alarm as an event."""
    return asdict(one)
