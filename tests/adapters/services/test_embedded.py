"""What is special about the embedded supervisor."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from parom.adapters.gateways.door import Door
from parom.adapters.services.embedded import EmbeddedServices
from parom.adapters.services.processes import alive
from parom.errors import ParomError
from tests.adapters.services.rig import IGNORES_SIGTERM, Rig, make
from tests.support.living import is_gone
from tests.support.ports import free_port
from tests.support.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


def test_a_supervisor_that_was_killed_is_replaced_and_its_orphans_ended(embedded: Rig) -> None:
    """SIGKILL or the kernel's memory killer: its children live on without a parent."""
    embedded.start_all()
    orphans = embedded.services.processes()
    record = json.loads((embedded.state / "supervisor" / "process.json").read_text())
    supervisor = psutil.Process(record["pid"])
    supervisor.kill()
    wait_until(lambda: not alive(supervisor), "the supervisor ended")
    embedded.anew()
    embedded.services.start_web()
    assert embedded.ask().status == 200
    assert not orphans & embedded.services.processes()
    assert all(map(is_gone, orphans))


def test_a_port_that_is_taken_names_who_has_it(embedded: Rig) -> None:
    """A wrong services.bind, or the old way of running still at work."""
    with socket.create_server(("127.0.0.1", embedded.port)):
        for asked in (embedded.services.check_address, embedded.gateway.close):
            with pytest.raises(ParomError, match=r"services\.port-taken.*pid \d+"):
                asked()
    embedded.gateway.close()
    embedded.services.check_address()  # its own supervisor has it now


def test_an_address_that_was_changed_is_refused_while_the_old_one_serves(embedded: Rig) -> None:
    """circus cannot move its socket: the old one was closed in the middle of a deployment."""
    embedded.start_all()
    before, embedded.port = embedded.port, free_port()
    embedded.anew()
    with pytest.raises(ParomError, match=rf"services\.other-bind.*{before}"):
        embedded.services.check_address()
    embedded.port = before
    assert embedded.ask().status == 200


def test_what_a_killed_engine_had_asked_for_is_waited_for(embedded: Rig) -> None:
    """circusd refuses a second command during the first: the run that was carried on held."""
    embedded.write_worker(IGNORES_SIGTERM)
    embedded.start_all()
    embedded.supervisor.call("stop", name="worker", waiting=False)
    embedded.services.stop()
    assert embedded.alive() == []
    assert embedded.services.processes() == frozenset()


def test_a_service_that_the_configuration_no_longer_names_is_stopped(embedded: Rig) -> None:
    """It was started again and again while the stop ended it."""
    embedded.start_all()
    supervisor = embedded.supervisor
    supervisor.what = replace(supervisor.what, commands=supervisor.what.commands[:1])
    EmbeddedServices(supervisor, Door(supervisor.folder)).stop()
    assert embedded.alive() == []


def test_a_clock_that_is_set_kills_nothing(embedded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """psutil reckons starts from the time of day: all of production looked like an orphan."""
    embedded.start_all()
    before = embedded.services.processes()
    told = psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: told(process) + 1.0)
    embedded.anew()
    embedded.services.start_web()
    assert embedded.services.processes() == before


def test_a_supervisor_that_lives_and_is_silent_is_not_taken_for_dead(embedded: Rig) -> None:
    """A machine under load: what it supervises would be ended, in the middle of requests."""
    embedded.start_all()
    before = embedded.services.processes()
    record = json.loads((embedded.state / "supervisor" / "process.json").read_text())
    supervisor = psutil.Process(record["pid"])
    embedded.silence_s = 0.5
    embedded.anew()
    supervisor.suspend()
    try:
        with pytest.raises(ParomError, match=r"(?s)supervisor-stuck.*pid \d+.*Nothing was ended"):
            embedded.services.stop()
        assert not any(map(is_gone, before))
    finally:
        supervisor.resume()
    embedded.silence_s = PATIENCE_S
    embedded.anew()
    embedded.services.start_web()
    assert embedded.services.processes() == before


def test_a_supervisor_that_nobody_wrote_down_is_found(embedded: Rig) -> None:
    """Parom was killed right after it had started it: a second one would end its services."""
    embedded.start_all()
    before = embedded.services.processes()
    (embedded.state / "supervisor" / "process.json").unlink()
    embedded.anew()
    embedded.services.start_web()
    assert embedded.services.processes() == before


def test_the_supervisor_is_reached_whatever_the_temporary_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deep root, and a TMPDIR that differs between a login and the night's cleaning."""
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    rig = make("embedded", deep)
    try:
        rig.start_all()
        before = rig.services.processes()
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", None)
        rig.anew()
        rig.services.start_web()
        assert rig.services.processes() == before
    finally:
        rig.shut_down()


def test_a_copy_of_an_installation_touches_nothing_of_the_original(embedded: Rig) -> None:
    """`cp -a` takes the records of processes along, and they name those of the original."""
    embedded.start_all()
    embedded.gateway.close()
    embedded.gateway.open(None)
    embedded.services.start_web()
    before = embedded.services.processes()
    copy = embedded.copied()
    try:
        assert not copy.services.processes()
        copy.gateway.close()
        assert copy.ask().status == 503
    finally:
        copy.shut_down()
    assert embedded.services.processes() == before
    assert embedded.ask().status == 200


def test_a_supervisor_that_is_at_work_ends_without_force(embedded: Rig) -> None:
    """circus forgets a SIGTERM that comes while it ends a service: it was killed 10 s later."""
    embedded.gateway.close()
    embedded.services.start_private()
    embedded.services.stop()
    embedded.supervisor.shutdown()
    log = (embedded.state / "logs" / "supervisor.log").read_text("utf-8")
    assert "Arbiter exiting" in log
