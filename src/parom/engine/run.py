"""What the engine's own process does, from the run's number to an exit code.

It is detached from the terminal that asked for the run; what it does is followed through
the journal. The lock's descriptor is inherited, so that nobody can come in between.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parom.config.reading import read
from parom.errors import ExitCode, ParomError
from parom.journal.opening import open_journal

if TYPE_CHECKING:
    from parom.config.model import Config
    from parom.engine.outcome import Outcome


def main(config_path: Path, run_id: str, proxies: Mapping[str, str]) -> int:
    """Execute one run; the exit status is the run's exit code. `proxies` are for those who go
    on telling when the run is over."""
    config = read(config_path)
    open_journal(config.state)
    from parom.journal.models import Run
    from parom.journal.record import RunRecord
    from parom.report.leaving import leave_report

    run = Run.objects.get(id=run_id)
    try:
        outcome = execute(run.id, config_path=config_path)
        _see_to_the_day(config, run.id, proxies)
        _forget_old_samples(config)
        return outcome.exit_code
    except ParomError as problem:
        if problem.id == "lease.lost":
            return int(problem.exit_code)
        RunRecord(run).finish(
            "held", "needs a person", problem.exit_code, {"error": problem.as_record()}
        )
        leave_report(config, run.id)
        return int(problem.exit_code)
    except Exception:
        from parom.appside.masked import without
        from parom.steps.known_secrets import secrets_of

        text = traceback.format_exc()
        told = {"traceback": without(text, secrets_of(config))[-8000:]}
        RunRecord(run).finish("held", "a bug in Parom", ExitCode.BUG, told)
        leave_report(config, run.id)
        raise


def execute(run_id: str, *, config_path: Path) -> Outcome:
    from parom.engine.work import work
    from parom.journal.models import Run
    from parom.wiring import installation_of

    return work(Run.objects.get(id=run_id), installation_of(read(config_path)))


def _see_to_the_day(config: Config, run_id: str, proxies: Mapping[str, str]) -> None:
    """After a deployment its day is watched; whatever goes wrong with that, the run is over."""
    from parom.day.keeping import order_day, settle
    from parom.engine.outcome import INCONCLUSIVE
    from parom.journal.models import Run
    from parom.plan.plan import Kind

    run = Run.objects.get(id=run_id)
    is_accepted = run.exit_code == ExitCode.DONE or run.outcome == INCONCLUSIVE
    try:
        if run.kind in (Kind.DEPLOY, Kind.PARTIAL) and is_accepted:
            order_day(config, run, time.time())
        settle(config, proxies)
    except Exception:  # noqa: BLE001 - the engine's log has it, and `parom status` says so
        traceback.print_exc()


def _forget_old_samples(config: Config) -> None:
    """Like the day: whatever goes wrong with it, the run is over."""
    from parom.day.order import orders_of
    from parom.report.retention import forget_samples

    try:
        watched = [one.run_id for one in orders_of(config.state)]
        forget_samples(config, datetime.now(UTC), watched)
    except Exception:  # noqa: BLE001 - see above
        traceback.print_exc()
