"""A run that another engine ends: whoever was let in is served, or a person is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from parom_site.page import Pages

from parom.adapters.gateways.memory import MemoryGateway
from parom.adapters.services.memory import MemoryServices
from parom.config.reading import read
from parom.engine.outcome import Outcome
from parom.engine.serving import served
from parom.errors import ParomError
from parom.facts import GatewayState, ServiceState
from parom.journal.models import Event
from parom.journal.record import RunRecord, create_run
from parom.plan.plan import Kind, Plan
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry

DONE = Outcome("finished", "rolled back", 0, {})


class Refusing(MemoryServices):
    def start_web(self) -> None:
        raise ParomError("test.failed", "It failed.", "Nothing.")


class Scene:
    def __init__(self, top: Path, services: MemoryServices) -> None:
        self.services = services
        self.gateway = MemoryGateway(services, lambda: 0.0, Pages(None, retry_after_s=7))
        plan = Plan(Kind.ROLLBACK, top.name, top.name, (), "old", "a test")
        run = create_run(top.name, plan.kind, top.name, "tester", "a test", plan.as_record())
        self.record = RunRecord(run)
        self.context = Context(
            installation=replace(
                installation_of(read(make_ferry(top).config)),
                services=services,
                gateway=self.gateway,
            ),
            plan=plan,
            results={},
            tell=lambda kind, data: self.record.tell(kind, "", dict(data)),
            checkpoint=lambda: None,
            progress=lambda _done, _total, _unit: None,
            abort_asked=lambda: "",
            measurements=Kept(),
        )

    def told(self) -> list[str]:
        found = Event.objects.filter(run_id=self.record.run.id).order_by("number")
        return [kind for kind in found.values_list("kind", flat=True) if kind != "started"]


@pytest.mark.parametrize("way", ["to what came", "back to what was"])
def test_what_was_let_in_is_served_after_a_power_cut(tmp_path: Path, way: str) -> None:
    """All steps are over, and nothing runs: no step would find that out."""
    scene = Scene(tmp_path, MemoryServices())
    if way == "to what came":
        scene.context.results["services.web"] = {}
    else:
        scene.context.undone["gateway.hold"] = {}
    assert served(DONE, scene.context, scene.record) == DONE
    assert {one.state for one in scene.services.status()} == {ServiceState.RUNNING}
    assert scene.gateway.state() is GatewayState.OPEN
    assert served(DONE, scene.context, scene.record) == DONE
    assert scene.told() == ["served-again"]


def test_what_cannot_be_served_needs_a_person(tmp_path: Path) -> None:
    """A run does not end well with nothing running."""
    scene = Scene(tmp_path, Refusing())
    scene.context.results["services.web"] = {}
    outcome = served(DONE, scene.context, scene.record)
    assert (outcome.state, outcome.exit_code) == ("held", 30)
    assert outcome.data["error"]["id"] == "test.failed"
    assert scene.told() == ["served-again", "not-served"]


@pytest.mark.parametrize(
    ("results", "undone", "state"),
    [
        ((), (), "finished"),
        (("services.web",), ("release.build",), "finished"),
        (("services.web",), (), "held"),
    ],
)
def test_where_nobody_was_let_in_nothing_is_started(
    tmp_path: Path, results: tuple[str, ...], undone: tuple[str, ...], state: str
) -> None:
    scene = Scene(tmp_path, Refusing())
    scene.context.results.update({name: {} for name in results})
    scene.context.undone.update({name: {} for name in undone})
    outcome = Outcome(state, "x", 0, {})
    assert served(outcome, scene.context, scene.record) is outcome
    assert scene.told() == []
