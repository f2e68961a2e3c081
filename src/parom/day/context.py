"""What a look at an installation needs of a run that is over."""

from __future__ import annotations

from parom.appside.masked import record_without
from parom.config.model import Config
from parom.journal import chain
from parom.journal.models import Run
from parom.journal.record import steps_of
from parom.journal.samples import RunSamples
from parom.plan.plan import Plan
from parom.steps.known_secrets import secrets_of
from parom.steps.step import Context, Data
from parom.wiring import installation_of


def context_of(config: Config, run_id: str) -> Context:
    """A run's context for looking alone: nobody aborts it, and it shows no progress.

    Raises ValueError for a plan of a newer Parom, and what `installation_of` raises.
    """

    known = secrets_of(config)

    def tell(kind: str, data: Data) -> None:
        chain.append(run_id, kind, "", record_without(data, known))

    return Context(
        installation=installation_of(config),
        plan=Plan.from_record(Run.objects.get(id=run_id).plan),
        results={name: record.result for name, record in steps_of(run_id).items()},
        tell=tell,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=RunSamples(run_id),
    )
