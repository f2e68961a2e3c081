"""Parom's own records: the journal, who holds the lease, what an earlier run left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from parom.doctor.observation import Observation, good, note, of_problem, warning
from parom.doctor.patient import Patient
from parom.errors import engine as errors
from parom.journal.opening import SCHEMA, open_journal, schema_of
from parom.words.said import said

_SHOWN = 5


def journal(patient: Patient) -> Iterator[Observation]:
    """Whether every event is what was written. A journal is not made by looking."""
    state = patient.config.state
    if not (state / "journal.sqlite3").exists():
        yield note("journal.new", said("Nothing was deployed here yet; there is no journal."))
        return
    if schema_of(state) < SCHEMA:
        yield note(
            "journal.older", said("The journal is an older Parom's; the next run renews it.")
        )
        return
    open_journal(state)
    from parom.journal import chain
    from parom.journal.models import Event
    from parom.journal.run_rows import altered_run
    from parom.report.anchors import anchors_in

    broken = chain.verify(anchors_in(state)) or altered_run()
    if broken is not None:
        yield of_problem(errors.journal_altered(broken.number, broken.why))
    else:
        yield good(
            "journal.whole",
            said("The journal's {n} events are whole.", n=Event.objects.count()),
        )


def lease(patient: Patient) -> Iterator[Observation]:
    """Whether somebody is at work, or a run waits."""
    state, environment = patient.config.state, patient.config.project.environment
    if not (state / "journal.sqlite3").exists() or schema_of(state) < SCHEMA:
        return
    from parom.journal.lease import lock_is_taken
    from parom.journal.record import steps_of, unfinished

    run = unfinished(environment)
    if lock_is_taken(state):
        run_id = said(": run {id}", id=run.id) if run else ""
        yield note(
            "lease.held",
            said(
                "Somebody is at work on {environment}{run}.",
                environment=environment,
                run=run_id,
            ),
            said("`parom status` shows it."),
        )
    elif run is not None:
        yield of_problem(errors.interrupted(run.id, next(reversed(steps_of(run.id)), "")))
    else:
        yield good(
            "lease.free",
            said("Nobody is at work on {environment}, and no run waits.", environment=environment),
        )


def leftovers(patient: Patient) -> Iterator[Observation]:
    """What an interrupted preparation left; the next run clears it."""
    if not patient.config.project.root.is_dir():
        return
    found: list[Path] = list(patient.installation.layout.debris())
    if patient.config.vault.path.is_dir():
        found += sorted(patient.config.vault.path.glob(".partial-*"))
    if not found:
        yield good("leftovers.none", said("Nothing is left over from earlier runs."))
        return
    named = ", ".join(map(str, found[:_SHOWN])) + (", ..." if len(found) > _SHOWN else "")
    if _is_at_work(patient.config.state):
        yield note("leftovers.in-use", said("A run is at work in {named}.", named=named))
        return
    yield warning(
        "leftovers.found",
        said("Left over from an earlier run: {named}.", named=named),
        said("The next deployment clears it; it only takes room."),
    )


def _is_at_work(state: Path) -> bool:
    if not (state / "journal.sqlite3").exists() or schema_of(state) != SCHEMA:
        return False
    open_journal(state)
    from parom.journal.lease import lock_is_taken

    return lock_is_taken(state)
