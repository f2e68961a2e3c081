"""Stop what runs, and start what is to run: privately first, then for the public."""

from __future__ import annotations

from parom.errors import ParomError
from parom.facts import GatewayState, PrivateInstance, ServiceState
from parom.steps.adopt import way_back
from parom.steps.checking import Verified, abandon_checks, verify_instance
from parom.steps.collecting import note_ends_of_logs
from parom.steps.giving_up import can_give_up, finish_giving_up, give_up
from parom.steps.instance import instance_of
from parom.steps.starting_ahead import take_started
from parom.steps.step import Context, Data, Plain, Seen
from parom.steps.strangers import end_idle_strangers, refuse_strangers


class StopServices:
    name = "services.stop"

    def run(self, context: Context) -> Data:
        services = context.installation.services
        before = services.status()
        services.stop()
        context.checkpoint()
        end_idle_strangers(context)
        refuse_strangers(context)
        return {
            "stopped": [status.name for status in before],
            "processes": [status.detail for status in before if status.pids and status.detail],
        }

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        """Start the old release where only Parom reaches it, and verify it like a new one."""
        abandon_checks(context)
        listed = finish_giving_up(context)
        try:
            verified = self._verified(context)
        except ParomError as problem:
            if not can_give_up(context):
                raise
            context.installation.services.stop()
            give_up(context, problem)
            listed = finish_giving_up(context)
            verified = self._verified(context)
        context.checkpoint()
        context.installation.services.start_background()
        return {"verified": list(verified.passed), **({"rows": listed} if listed else {})}

    def _verified(self, context: Context) -> Verified:
        context.instance = None
        instance = instance_of(context)
        context.checkpoint()
        return verify_instance(
            context, instance, "on the release that came back", way_back(context)
        )


class StartPrivate:
    name = "services.private"

    def run(self, context: Context) -> Data:
        ahead = take_started(context)
        note_ends_of_logs(context)
        instance = self._started(context, ahead=ahead)
        return {"base_url": instance.base_url, "pids": list(instance.pids), "ahead": ahead}

    def _started(self, context: Context, *, ahead: bool) -> PrivateInstance:
        try:
            return instance_of(context)
        except ParomError as problem:
            if not ahead:
                raise
            # It shared the machine with the migration: what counts is a start after that.
            context.tell("not-started-ahead", problem.as_record())
            context.installation.services.stop_private()
            return instance_of(context)

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        context.instance = None
        context.installation.services.stop()
        return {}


class StartBackground:
    name = "services.background"

    def run(self, context: Context) -> Data:
        context.installation.services.start_background()
        return {}

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        context.instance = None
        context.installation.services.stop()
        return {}


class StartWeb(Plain):
    name = "services.web"

    def run(self, context: Context) -> Data:
        services = context.installation.services
        services.start_web()
        context.checkpoint()
        context.installation.gateway.settle()
        context.instance = None
        return {
            "services": [
                {"name": one.name, "state": one.state.value, "pids": list(one.pids)}
                for one in services.status()
            ]
        }


def serve_again(context: Context) -> None:
    """What was opened serves, also after a reboot in the middle of what follows the opening."""
    services, gateway = context.installation.services, context.installation.gateway
    running = all(one.state is ServiceState.RUNNING for one in services.status())
    if running and gateway.state() is GatewayState.OPEN:
        return
    context.tell("served-again", {"why": "the services did not run"})
    services.start_background()
    gateway.open(None)
    services.start_web()
    gateway.settle()
