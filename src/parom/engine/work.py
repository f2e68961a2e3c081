"""What an engine process does: take over a run under its lease, execute it, write its end."""

from __future__ import annotations

import os

from parom.appside.masked import record_without
from parom.durable import clear_abandoned_inside
from parom.engine.budget import BudgetKeeper
from parom.engine.machine import Machine, Probe
from parom.engine.outcome import Outcome, as_kind
from parom.engine.place import place_of
from parom.engine.progress import ProgressFile
from parom.engine.serving import served
from parom.errors import ExitCode, ParomError
from parom.errors import engine as errors
from parom.facts import GatewayState
from parom.journal.lease import begin_epoch, check_epoch
from parom.journal.models import Run
from parom.journal.record import RunRecord, steps_of
from parom.journal.samples import RunSamples
from parom.plan.plan import Kind, Plan
from parom.report.leaving import leave_report
from parom.scratch import clear_abandoned_scratch
from parom.steps.known_secrets import secrets_of
from parom.steps.registry import steps_named
from parom.steps.rules import budgets_of
from parom.steps.step import Context, Data, Installation


def work(run: Run, installation: Installation, *, probe: Probe = lambda _point: None) -> Outcome:
    """Execute a run to its end. The caller holds the environment's lock."""
    try:
        plan = Plan.from_record(run.plan)
    except ValueError as problem:
        raise errors.newer_plan(run.id, str(problem)) from None
    _refuse_other_place(run.id, plan, installation)
    epoch = begin_epoch(run.environment, run.id, run.who, os.getpid())
    record = RunRecord(run, epoch)
    record.tell("engine", "", {"epoch": epoch, "pid": os.getpid(), "direction": run.direction})
    budget = BudgetKeeper(record, plan.kind, budgets_of(installation.config), installation.clock)
    machine = Machine(record, steps_named(plan.steps), probe=probe, budget=budget.check)
    progress = ProgressFile(installation.state / "runs" / plan.run_id / "progress.json")
    machine.context = _context(plan, record, installation, epoch, machine, probe, progress)
    is_taken_over = bool(steps_of(run.id))
    outcome = as_kind(plan.kind, machine.execute(), machine.context.results)
    if is_taken_over:
        outcome = served(outcome, machine.context, record)
    if plan.kind is Kind.REHEARSAL and outcome.exit_code == ExitCode.DONE:
        record.turn_back({"why": "a plan changes nothing"})
        back = machine.execute()
        if back.state == "held":
            outcome = back
    if outcome.state == "held":
        _close_if_held(machine.context, record)
    progress.clear()
    clear_abandoned_scratch()
    clear_abandoned_inside(installation.state / "runs" / plan.run_id)
    probe("run:before-finish")
    record.finish(outcome.state, outcome.outcome, outcome.exit_code, outcome.data)
    probe("run:after-finish")
    leave_report(installation.config, run.id)
    return outcome


def _refuse_other_place(run_id: str, plan: Plan, installation: Installation) -> None:
    """Raises `run.other-place` where parom.toml was edited since the run began."""
    now = dict(place_of(installation.config))
    moved = [key for key, value in plan.place if now[key] != value]
    if moved:
        raise errors.other_place(run_id, moved)


def _context(
    plan: Plan,
    record: RunRecord,
    installation: Installation,
    epoch: int,
    machine: Machine,
    probe: Probe,
    progress: ProgressFile,
) -> Context:
    known = secrets_of(installation.config)

    def tell(kind: str, data: Data) -> None:
        record.tell(kind, machine.current, record_without(data, known))

    def checkpoint() -> None:
        check_epoch(plan.environment, epoch)
        probe(f"{machine.current}:middle")

    return Context(
        installation=installation,
        plan=plan,
        results={},
        tell=tell,
        checkpoint=checkpoint,
        progress=lambda done, total, unit: progress.write(machine.current, done, total, unit),
        abort_asked=record.abort_asked,
        measurements=RunSamples(plan.run_id),
        approvals=record.approvals,
    )


def _close_if_held(context: Context, record: RunRecord) -> None:
    """A run that waits for a person must not leave visitors waiting with it."""
    gateway = context.installation.gateway
    try:
        if gateway.state() is GatewayState.HELD:
            gateway.close()
    except ParomError as problem:
        record.tell("gateway-not-closed", "", problem.as_record())
