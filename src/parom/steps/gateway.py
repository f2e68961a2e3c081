"""Let the public wait or see 503, and let it in again."""

from __future__ import annotations

from parom.checks import probe
from parom.facts import GatewayState
from parom.steps.checking import loaded_checks
from parom.steps.instance import instance_of
from parom.steps.rules import permission_of, refuse_hours
from parom.steps.step import Context, Data, Plain, Seen
from parom.steps.strangers import PATIENCE_S, refuse_strangers


class HoldGateway:
    name = "gateway.hold"

    def run(self, context: Context) -> Data:
        """What the checks need is loaded while the public is still served: a rollback has no
        step before this one, and an engine that took over has lost what was loaded."""
        config, plan = context.installation.config, context.plan
        refuse_hours(config, plan.kind, permission_of(plan), context.installation.clock.now())
        probe.load()
        loaded_checks(context, context.installation.layout.path_of(context.plan.release_id))
        return keep_out(context)

    def look(self, context: Context) -> tuple[Seen, Data]:
        state = context.installation.gateway.state()
        if state is GatewayState.OPEN:
            return Seen.NOT_DONE, {}
        return Seen.DONE, {"state": state.value}

    def undo(self, context: Context) -> Data:
        """The last act of every return: the public is let in to what was verified."""
        return let_in(context)


class CloseGateway(Plain):
    name = "gateway.close"

    def run(self, context: Context) -> Data:
        context.installation.gateway.close()
        return {"state": context.installation.gateway.state().value}


class OpenGateway:
    name = "gateway.open"

    def run(self, context: Context) -> Data:
        gateway = context.installation.gateway
        gateway.open(instance_of(context))
        return {"state": gateway.state().value}

    def look(self, context: Context) -> tuple[Seen, Data]:
        state = context.installation.gateway.state()
        done = state is GatewayState.OPEN
        return (Seen.DONE if done else Seen.NOT_DONE), {"state": state.value}

    def undo(self, context: Context) -> Data:
        """Close again before anything is taken back: from here on nobody writes."""
        data = keep_out(context)
        context.installation.services.stop()
        context.instance = None
        # A passing command (cron) gets the time to end: its writes are captured until then.
        refuse_strangers(context, PATIENCE_S)
        return data


def keep_out(context: Context) -> Data:
    """Held where the stop is short enough, else closed."""
    gateway, limit = context.installation.gateway, context.installation.config.gateway.hold_limit_s
    predicted = context.results.get("rehearsal.run", {}).get("predicted_stop_s", 0.0)
    if gateway.can_hold and limit > 0 and predicted <= limit:
        gateway.hold(limit)
    else:
        gateway.close()
    return {"state": gateway.state().value, "predicted_stop_s": predicted}


def let_in(context: Context) -> Data:
    """Open to the private instance where the services were stopped, then to the web service."""
    services, gateway = context.installation.services, context.installation.gateway
    gateway.open(instance_of(context) if "services.stop" in context.begun else None)
    services.start_web()
    gateway.settle()
    context.instance = None
    return {"state": gateway.state().value}
