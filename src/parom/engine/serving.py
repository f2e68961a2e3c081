"""The end of a run that a second engine finishes: what was let in is served."""

from __future__ import annotations

from parom.engine.outcome import Outcome
from parom.errors import ParomError
from parom.journal.record import RunRecord
from parom.steps.services import serve_again
from parom.steps.step import Context


def served(outcome: Outcome, context: Context, record: RunRecord) -> Outcome:
    """The outcome, or that a person is needed.

    The machine may have gone down with the first engine, after the public was let in: to what
    came, by `services.web`, or to what came back, when the hold was taken back. No step that is
    left to do would look whether anything runs.
    """
    let_in = "services.web" in context.results and not context.undone
    if outcome.state != "finished" or not (let_in or "gateway.hold" in context.undone):
        return outcome
    try:
        serve_again(context)
    except ParomError as problem:
        error = problem.as_record()
        record.tell("not-served", "services.web", error)
        return Outcome("held", "needs a person", 30, {"step": "services.web", "error": error})
    return outcome
