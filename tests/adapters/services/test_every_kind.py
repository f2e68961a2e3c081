"""What all kinds of services promise, whoever starts them."""

from __future__ import annotations

import psutil
import pytest

from parom.adapters.services import scripts as scripts_module
from parom.adapters.services.memory import MemoryServices
from parom.adapters.services.scripts_ending import arguments_of
from parom.errors import ParomError
from parom.facts import ServiceState
from tests.adapters.services.rig import (
    DIES_ONCE_STARTED,
    DIES_SOON,
    FORKS_WHEN_STOPPED,
    IGNORES_SIGTERM,
    Rig,
)

pytestmark = pytest.mark.filterwarnings(
    # What is started here is to outlive whoever started it.
    "ignore:subprocess .* is still running:ResourceWarning"
)


def states(rig: Rig) -> set[ServiceState]:
    return {one.state for one in rig.services.status()}


def test_before_anything_all_is_stopped_and_stopping_is_fine(rig: Rig) -> None:
    """The first step of a return may come before anything was started."""
    assert states(rig) == {ServiceState.STOPPED}
    rig.services.stop()
    rig.services.stop_private()
    assert states(rig) == {ServiceState.STOPPED}
    assert rig.services.processes() == frozenset()


def test_a_whole_start_and_a_whole_stop_may_each_be_repeated(rig: Rig) -> None:
    """After a crash every step may run a second time: same processes, no second ones."""
    rig.start_all()
    assert states(rig) == {ServiceState.RUNNING}
    assert rig.ask().status == 200
    first, pids = rig.services.processes(), {p for one in rig.services.status() for p in one.pids}
    assert pids
    assert pids <= first
    rig.anew()  # whoever comes after a crash knows what lies on disk, and no more
    rig.services.start_background()
    rig.services.start_web()
    assert rig.services.processes() == first
    rig.services.stop()
    assert states(rig) == {ServiceState.STOPPED}
    assert rig.services.processes() == frozenset()
    assert rig.alive() == []
    rig.services.stop()
    assert rig.alive() == []


def test_the_private_instance_is_nobody_else_s_and_goes_with_a_stop(rig: Rig) -> None:
    """What is not proven yet must not be reached by the public, nor be left behind."""
    rig.gateway.close()
    instance = rig.services.start_private()
    assert rig.ask().status != 200
    assert set(instance.pids) <= rig.services.processes()
    assert states(rig) == {ServiceState.STOPPED}
    again = rig.services.start_private()
    assert set(again.pids) <= rig.services.processes()
    rig.services.stop_private()
    rig.services.stop_private()
    assert not rig.services.processes() & {*instance.pids, *again.pids}
    rig.services.start_private()
    rig.services.stop()
    assert rig.services.processes() == frozenset()


def test_one_that_was_begun_is_the_one_that_is_waited_for(rig: Rig) -> None:
    """What starts while something else goes on is not started a second time."""
    rig.gateway.close()
    rig.services.begin_private()
    begun = rig.services.processes()
    assert begun
    rig.services.begin_private()
    instance = rig.services.start_private()
    assert begun <= rig.services.processes()
    assert set(instance.pids) & begun
    rig.services.stop_private()
    assert rig.services.processes() == frozenset()


def test_one_that_was_begun_goes_with_a_stop_also_after_a_crash(rig: Rig) -> None:
    """Whoever comes after a crash knows nothing of it, and must not take it for its own."""
    rig.gateway.close()
    rig.services.begin_private()
    begun = rig.services.processes()
    rig.anew()
    rig.services.stop()
    assert rig.services.processes() == frozenset()
    assert rig.alive() == []
    instance = rig.services.start_private()
    assert not begun & set(instance.pids)
    rig.services.stop()


def test_a_release_that_does_not_start_is_named_with_its_log(rig: Rig) -> None:
    """R-7.1: "does not start" is a reason to go back, not something to wait for."""
    rig.break_web()
    rig.gateway.close()
    with pytest.raises(ParomError, match=r"services\.not-started") as caught:
        rig.services.start_private()
    assert rig.kind == "memory" or "no such module" in caught.value.fact
    rig.gateway.open(None)
    with pytest.raises(ParomError, match=r"services\.not-started"):
        rig.services.start_web()
    assert rig.kind == "embedded" or rig.alive() == []


def test_a_worker_that_ends_soon_is_not_counted_as_started(embedded: Rig) -> None:
    """R-4.7: the same process alive, not a restart loop."""
    embedded.steady_s = 20.0
    embedded.anew()
    embedded.write_worker(DIES_SOON)
    with pytest.raises(ParomError, match=r"services\.not-started"):
        embedded.start_all()


def test_what_a_script_left_behind_must_go_on_living(scripts: Rig) -> None:
    """R-4.7: it ends when all else is up, however long that took."""
    scripts.steady_s = 20.0
    scripts.anew()
    scripts.write_worker(DIES_ONCE_STARTED.format(port=scripts.port))
    with pytest.raises(ParomError, match=r"services\.not-started.*worker\.py"):
        scripts.start_all()


def test_one_that_was_met_while_its_program_was_loaded_is_named(
    scripts: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a moment the kernel says no command of it."""
    met: set[psutil.Process] = set()

    def read(process: psutil.Process) -> tuple[str, ...]:
        if process not in met:
            met.add(process)
            return ()
        return arguments_of(process)

    monkeypatch.setattr(scripts_module, "arguments_of", read)
    scripts.steady_s = 20.0
    scripts.anew()
    scripts.write_worker(DIES_ONCE_STARTED.format(port=scripts.port))
    with pytest.raises(ParomError, match=r"services\.not-started.*worker\.py"):
        scripts.start_all()


def test_what_does_not_end_when_asked_is_ended_by_force(rig: Rig) -> None:
    """R-4.2: gracefully, then by force after a limit; verified stopped."""
    if isinstance(rig.services, MemoryServices):
        rig.start_all()
        rig.services.stubborn.add("worker")
        with pytest.raises(ParomError, match=r"services\.still-running"):
            rig.services.stop()
        return
    rig.write_worker(IGNORES_SIGTERM)
    rig.start_all()
    rig.services.stop()
    assert rig.alive() == []


@pytest.mark.parametrize("kind", ["embedded", "scripts"])
def test_what_is_started_during_the_stop_is_ended_too(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """It would write to the database after the snapshot, and nobody would know."""
    rig: Rig = request.getfixturevalue(kind)
    rig.write_worker(FORKS_WHEN_STOPPED)
    rig.start_all()
    rig.services.stop()
    assert rig.alive() == []
