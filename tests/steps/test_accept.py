"""The last step, where the machine went down since the public was let in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parom_site.page import Pages

from parom.adapters.databases.memory import MemoryDatabase
from parom.adapters.gateways.memory import MemoryGateway
from parom.adapters.services.memory import MemoryServices
from parom.config.reading import read
from parom.facts import GatewayState, ServiceState
from parom.plan.plan import Kind, Plan
from parom.steps.accept import AcceptRelease
from parom.steps.step import Context, Data
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry


def test_what_was_opened_serves_again(tmp_path: Path) -> None:
    """A rollback was over but for its last step, and nothing ran after it was carried on."""
    services, told = MemoryServices(), list[str]()
    gateway = MemoryGateway(services, lambda: 0.0, Pages(None, retry_after_s=7))
    installation = replace(
        installation_of(read(make_ferry(tmp_path).config)),
        services=services,
        gateway=gateway,
        database=MemoryDatabase({"note": {}}),
    )

    def tell(kind: str, _data: Data) -> None:
        told.append(kind)

    context = Context(
        installation=installation,
        plan=Plan(Kind.ROLLBACK, "run", "production", (), "old", "a test", snapshot_id="snap"),
        results={},
        tell=tell,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )
    (context.folder / "migrator.answer").write_text("{}")
    AcceptRelease().run(context)
    assert {one.state for one in services.status()} == {ServiceState.RUNNING}
    assert gateway.state() is GatewayState.OPEN
    assert told == ["served-again"]
    assert not (context.folder / "migrator.answer").exists()
    AcceptRelease().run(context)
    assert told == ["served-again"]
