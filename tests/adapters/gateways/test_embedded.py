"""What is special about a gateway at which connections can wait."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path

import pytest

from parom.adapters.gateways.door import read_answer
from parom.facts import GatewayState
from tests.adapters.gateways.conftest import Make
from tests.adapters.services.rig import Rig
from tests.support.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
_HELD_S, _EVERY_S = 3.0, 0.02


def test_nobody_fails_while_the_gateway_is_held_for_seconds(rig_of: Make) -> None:
    """An open loop: visitors keep coming at their own pace, and all of them are answered."""
    rig = rig_of("embedded")
    rig.start_all()
    load = _OpenLoop(rig.port)
    load.start()
    rig.gateway.hold(60)
    began = time.monotonic()
    rig.services.stop()
    instance = rig.services.start_private()
    rig.services.start_background()
    threading.Event().wait(max(0.0, began + _HELD_S - time.monotonic()))
    rig.gateway.open(instance)
    rig.services.start_web()
    rig.gateway.settle()
    answers = load.finish()
    assert len(answers) > _HELD_S / _EVERY_S / 2  # a busy machine sends fewer
    assert set(answers) == {200}


@pytest.mark.parametrize("kind", ["embedded", "memory"])
def test_a_hold_ends_by_itself_whoever_has_died(kind: str, rig_of: Make) -> None:
    """After its limit, visitors get the page, also when no Parom is there to say so."""
    rig = rig_of(kind)
    rig.start_all()
    rig.gateway.hold(2)
    assert rig.gateway.state() is GatewayState.HELD
    rig.services.stop()
    rig.now += 2
    wait_until(lambda: rig.gateway.state() is GatewayState.CLOSED, "the hold ends")
    assert rig.ask().status == 503


def test_the_instance_answers_before_the_web_service_does(rig_of: Make) -> None:
    """Opening takes milliseconds: the workers that were checked are loaded."""
    rig: Rig = rig_of("embedded")
    rig.gateway.close()
    instance = rig.services.start_private()
    rig.gateway.open(instance)
    assert int(rig.ask().body) in instance.pids


def test_a_hold_that_ends_before_the_stop_lets_the_services_answer(rig_of: Make) -> None:
    """Parom died between the two: half of the visitors would see the page at random."""
    rig = rig_of("embedded")
    rig.start_all()
    rig.gateway.hold(0)
    rig.gateway.hold(0)
    assert {rig.ask().status for _ in range(40)} == {200}
    rig.services.stop()
    assert rig.ask().status == 503


def test_closing_while_the_services_run_lets_nobody_through(rig_of: Make) -> None:
    """`maintenance on` by hand: the doorman and the web service share one socket."""
    rig = rig_of("embedded")
    rig.start_all()
    rig.gateway.close()
    assert {rig.ask().status for _ in range(40)} == {503}


def test_a_relay_of_before_a_reboot_leads_to_nobody(rig_of: Make) -> None:
    """The private port has another number then, and the old one may be anybody's."""
    rig = rig_of("embedded")
    instance = rig.services.start_private()
    rig.services.start_background()
    rig.gateway.open(instance)
    assert rig.ask().status == 200
    rig.supervisor.shutdown()
    with socket.create_server(("127.0.0.1", int(instance.base_url.rpartition(":")[2]))) as stranger:
        rig.supervisor.ensure()
        visitor = socket.create_connection(("127.0.0.1", rig.port), timeout=PATIENCE_S)
        visitor.sendall(b"GET / HTTP/1.0\r\n\r\n")
        wait_until(lambda: "asked to hold" in log_of(rig), "the doorman holds")
        stranger.settimeout(0)
        with pytest.raises(BlockingIOError):
            stranger.accept()
        visitor.close()


def log_of(rig: Rig) -> str:
    return (rig.state / "logs" / "doorman.log").read_text()


def test_what_a_power_cut_left_of_an_answer_is_none(tmp_path: Path) -> None:
    """The doorman's answers are not synced, and an empty file is no reason to fail."""
    (tmp_path / "doorman.json").write_text("")
    assert read_answer(tmp_path) == {}


def test_a_doorman_that_cannot_write_stays(rig_of: Make) -> None:
    """A full disk: who ended then would take the visitors with him who wait."""
    rig = rig_of("embedded")
    rig.gateway.close()
    before = rig.supervisor.main_pids("doorman")
    in_the_way = rig.supervisor.folder / "doorman.partial"
    in_the_way.mkdir()
    wait_until(lambda: "could not be written" in log_of(rig), "the doorman says so")
    in_the_way.rmdir()
    rig.gateway.open(None)
    assert rig.supervisor.main_pids("doorman") == before


class _OpenLoop(threading.Thread):
    """A new connection every few milliseconds, however the earlier ones fare."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port, self._ending = port, threading.Event()
        self._answers: list[int] = []

    def run(self) -> None:
        self._answers = asyncio.run(self._visits())

    def finish(self) -> list[int]:
        self._ending.set()
        self.join(PATIENCE_S)
        return self._answers

    async def _visits(self) -> list[int]:
        visits = []
        while not self._ending.is_set():
            visits.append(asyncio.ensure_future(self._visit()))
            await asyncio.sleep(_EVERY_S)
        return list(await asyncio.gather(*visits))

    async def _visit(self) -> int:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            line = await reader.readline()
            await reader.read()
            writer.close()
            await writer.wait_closed()
            return int(line.split()[1])
        except (OSError, IndexError):
            return 0
