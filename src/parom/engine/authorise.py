"""Who may act on this installation: asked before anything is done, and written down."""

from __future__ import annotations

from parom.config.model import Config
from parom.engine.identity import person
from parom.errors import rules as errors
from parom.journal import chain
from parom.journal.models import Run
from parom.steps.rules import access_of


def authorise(config: Config, action: str) -> str:
    """Who asks, where they may; the journal must be open.

    `action` ends the sentence "may not ...". Raises `access.refused`, after the journal has it.
    """
    who, environment = person(), config.project.environment
    access = access_of(config)
    if access.may_change(who, environment):
        return who
    _note("access-refused", {"who": who, "action": action, "environment": environment})
    needed = access.deploy.get(environment, ())
    raise errors.access_refused(who, action, environment, access.roles_of(who), needed)


def authorise_override(config: Config, who: str, reason: str) -> None:
    """Raises `access.override-refused`, and `window.override-without-reason`."""
    if not reason:
        raise errors.reason_missing()
    access = access_of(config)
    if not access.may_override(who):
        _note("override-refused", {"who": who, "reason": reason})
        raise errors.override_refused(who, access.override)


def approve(config: Config, run: Run) -> str:
    """Write down that whoever asks approves `run`; who that is.

    Raises `access.approval-refused`.
    """
    who, environment = person(), config.project.environment
    access = access_of(config)
    needed = access.approvers(environment)
    if not access.may_approve(who, environment, run.who):
        _note("approval-refused", {"who": who, "run": run.id})
        raise errors.approval_refused(who, run.who, needed)
    chain.append(run.id, "approved", "", {"who": who, "roles": sorted(access.roles_of(who))})
    return who


def _note(kind: str, data: dict[str, str]) -> None:
    chain.append("", kind, "", data)
