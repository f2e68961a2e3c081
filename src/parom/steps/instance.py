"""The private instance of a run."""

from __future__ import annotations

from parom.facts import PrivateInstance
from parom.steps.step import Context


def instance_of(context: Context) -> PrivateInstance:
    """The private instance of this run; started again where it is gone."""
    if context.instance is None:
        context.instance = context.installation.services.start_private()
    return context.instance
