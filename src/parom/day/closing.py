"""The end of a day's watch: its digest goes into the journal, and to whom it is told."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from parom.adapters.services.outliving import Outliving
from parom.config.model import Config
from parom.day.context import context_of
from parom.day.digest import Digest, Seen, Span, digest_of
from parom.day.order import Order
from parom.day.watching import every_s
from parom.environment import clean_environment, proxies_here
from parom.journal import chain
from parom.journal.models import Followed
from parom.journal.outbox import follow, newest_epoch
from parom.journal.record import unfinished
from parom.journal.samples import RunSamples
from parom.journal.told import Told
from parom.report.leaving import leave_report
from parom.report.reading import events_of
from parom.steps.expecting import day_parameters_of, logs_of
from parom.verdict.kept import samples_of
from parom.words.said import recorded

ALARM, OVER, ENDED = "day-alarm", "day-over", "day-ended"


def conclude(config: Config, order: Order) -> None:
    """Write the digest, and have it told. Once for each order, however often it is called."""
    if not any(one.kind in (OVER, ENDED) for one in events_of(order.run_id)):
        data = _digest(config, order).as_record()
        if order.why_ended:
            chain.append(order.run_id, ENDED, "", {**data, "why": order.why_ended})
        else:
            chain.append(order.run_id, OVER, "", data)
    tell(config, order)


def tell(config: Config, order: Order) -> None:
    """Have what was written stand in the run's report, and told to people: by the courier of the
    run at work, or by one of its own.

    One of its own, with a higher number, would send away that of a run at work. The number is
    taken here: that of a run which begins in the next moment is higher.
    """
    leave_report(config, order.run_id)
    if not config.notices.go_somewhere:
        return
    if unfinished(config.project.environment) is not None:
        _have_composed(order.run_id)
        return
    folder = config.state / "runs" / order.run_id
    argv = [sys.executable, "-m", "parom.courier", str(config.file), order.run_id]
    with (folder / "courier.log").open("ab") as log:
        Outliving(
            [*argv, str(follow(order.run_id))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=clean_environment(proxies_here()),
            start_new_session=True,
        )


def alarms_of(run_id: str) -> tuple[Told, ...]:
    """What was told of a run's day."""
    return tuple(one for one in events_of(run_id) if one.kind == ALARM)


def _have_composed(run_id: str) -> None:
    given = {"is_over": False}
    epoch = {"epoch": newest_epoch()}
    Followed.objects.update_or_create(
        run_id=run_id, defaults=given, create_defaults={**given, **epoch}
    )


def _digest(config: Config, order: Order) -> Digest:
    context, samples = context_of(config, order.run_id), RunSamples(order.run_id)
    day_s = order.until - order.began
    parameters = day_parameters_of(config, day_s, every_s(day_s))
    span = Span(
        began=order.began,
        until=order.until,
        at=min(order.until, datetime.now(UTC).timestamp()),
        longest_gap_s=parameters.longest_gap_s,
        enough=parameters.enough,
    )
    seen = Seen(
        before=tuple(samples_of(samples.rows("baseline"))),
        day=tuple(samples_of(samples.rows("day"))),
        alarms=tuple(recorded(one.data, "fact") for one in alarms_of(order.run_id)),
        logs=tuple(logs_of(context)),
    )
    return digest_of(order.release, span, seen)
