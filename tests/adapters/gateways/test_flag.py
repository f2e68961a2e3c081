"""What is special about the flag file and the stand-in."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from parom_site.bypass import HEADER, LONGEST_S, sign

from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.facts import GatewayState
from tests.adapters.gateways.conftest import Make
from tests.adapters.services.rig import Rig

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
FLAG = ".env.maintenance"


@pytest.fixture
def flagged(rig_of: Make) -> Rig:
    return rig_of("scripts")


def test_the_flag_is_what_applications_and_proxies_read(flagged: Rig) -> None:
    """R-4.1: `.env.maintenance` with SYSTEM_MAINTENANCE=true; absent means open."""
    flagged.gateway.close()
    assert flagged.flag_file.read_text() == "SYSTEM_MAINTENANCE=true\n"
    flagged.gateway.open(None)
    flagged.gateway.settle()
    assert not list(flagged.root.glob(".env.maintenance*"))


def test_what_a_killed_parom_left_of_a_flag_goes_when_it_comes_down(tmp_path: Path) -> None:
    """It was killed before the flag was there: nobody would put one up in its place."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [tmp_path / f".{name}.{ended.pid}.1.parom-new" for name in (FLAG, f"{FLAG}.key")]
    for one in left:
        one.write_bytes(b"SYSTEM_")
    MaintenanceFlag(tmp_path / FLAG, tmp_path / ".parom").take_down()
    assert not any(one.exists() for one in left)


def test_a_flag_that_a_person_put_up_counts(flagged: Rig) -> None:
    """The team's habit of before Parom."""
    flagged.flag_file.write_text("SYSTEM_MAINTENANCE=true\n")
    assert flagged.gateway.state() is GatewayState.CLOSED
    flagged.flag_file.write_text("SYSTEM_MAINTENANCE=false\n")
    assert flagged.gateway.state() is GatewayState.OPEN
    flagged.gateway.close()
    assert flagged.flag_file.read_text() == "SYSTEM_MAINTENANCE=true\n"


def test_only_a_signed_and_fresh_pass_gets_through(flagged: Rig) -> None:
    """R-4.8: the checks see the application while the public sees the page."""
    flagged.start_all()
    flagged.gateway.close()
    headers = flagged.gateway.bypass_headers()
    assert flagged.ask(headers).status == 200
    key = flagged.flag_file.with_name(".env.maintenance.key").read_bytes()
    expires, nonce, mac = headers[HEADER].split(".")
    refused = {
        "expired": sign(key, -1),
        "longer than allowed": sign(key, LONGEST_S + 60),
        "another key": sign(b"k" * 32, 60),
        "a later end": f"{int(expires) + 5}.{nonce}.{mac}",
        "nothing": "",
        "no pass": "..",
    }
    answers = {name: flagged.ask({HEADER: given}).status for name, given in refused.items()}
    assert answers == dict.fromkeys(refused, 503)
    flagged.gateway.open(None)
    flagged.gateway.settle()
    flagged.gateway.close()
    assert flagged.ask(headers).status == 503  # a pass ends with the closing that it is of


def test_the_stand_in_outlives_parom_and_goes_before_the_services(flagged: Rig) -> None:
    """Visitors get a 503 with nobody alive, never a refused connection."""
    script = _CLOSES.format(root=flagged.root, port=flagged.port)
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[3])
    assert flagged.ask().status == 503
    before = flagged.stand_in.processes()
    assert len(before) == 1
    flagged.gateway.close()
    assert flagged.stand_in.processes() == before
    flagged.start_all()
    assert flagged.stand_in.processes() == ()
    assert flagged.ask().status == 200


def test_a_proxy_in_front_sees_the_flag_until_somebody_serves(flagged: Rig) -> None:
    """It would look into the void, and show 502, between the flag's end and the start."""
    flagged.gateway.close()
    flagged.gateway.open(None)
    assert flagged.gateway.state() is GatewayState.OPEN
    assert flagged.flag_file.exists()
    assert flagged.ask().status == 503
    flagged.services.start_web()
    assert not flagged.flag_file.exists()
    assert flagged.ask().status == 200


def test_a_start_that_fails_shows_the_page_again(flagged: Rig) -> None:
    """The stand-in has left for it; visitors must not pay for that."""
    flagged.break_web()
    flagged.gateway.close()
    flagged.gateway.open(None)
    with pytest.raises(Exception, match=r"services\.not-started"):
        flagged.services.start_web()
    assert flagged.ask().status == 503


def test_without_a_stand_in_the_port_stays_empty(rig_of: Make) -> None:
    """Where nginx shows the page itself, nothing of Parom's is needed."""
    rig = rig_of("scripts", stand_in_wanted=False)
    rig.start_all()
    rig.gateway.close()
    assert rig.ask().status == 503  # the application itself
    rig.services.stop()
    assert rig.ask().status == 0
    assert rig.stand_in.processes() == ()


def test_visitors_of_a_stop_see_answers_or_the_page(flagged: Rig) -> None:
    """From the closing until the services serve again; refused only while the port changes
    hands, which without a supervisor takes moments and no more."""
    flagged.start_all()
    flagged.gateway.close()
    seen: list[Visit] = []
    with subprocess.Popen(
        [sys.executable, "-u", "-c", _VISITS, str(flagged.port)], stdout=subprocess.PIPE, text=True
    ) as visitors:
        try:
            assert visitors.stdout is not None
            visits = map(Visit.of, visitors.stdout)
            seen.append(next(visits))
            assert seen[0].status == 503
            flagged.services.stop()
            stopped = time.monotonic()
            _look_on(visits, seen, lambda: seen[-1].began > stopped + 0.3)
            opened = time.monotonic()
            flagged.gateway.open(None)
            flagged.services.start_web()
            flagged.gateway.settle()
            started = time.monotonic()
            _look_on(visits, seen, lambda: seen[-1].began > started)
        finally:
            visitors.kill()
    assert {one.status for one in seen} <= {0, 200, 503}
    assert seen[-1].status == 200
    between = [one for one in seen if stopped < one.began and one.ended < opened]
    assert {one.status for one in between} == {503}


def test_embedded_puts_the_flag_up_too_where_it_is_asked_to(rig_of: Make) -> None:
    """R-4.1: honoured for applications that read it, whoever holds the socket."""
    rig = rig_of("embedded", flag_beside_embedded=True)
    rig.start_all()
    for keep_out in (rig.gateway.close, lambda: rig.gateway.hold(60)):
        keep_out()
        assert rig.flag_file.exists()
        assert HEADER in rig.gateway.bypass_headers()
        rig.gateway.open(None)
        assert not rig.flag_file.exists()
        assert rig.gateway.bypass_headers() == {}
        rig.services.start_web()
        rig.gateway.settle()
        assert rig.ask().status == 200


@dataclass(frozen=True)
class Visit:
    """When a visitor came and was answered (monotonic seconds of the machine); 0: refused."""

    began: float
    ended: float
    status: int

    @staticmethod
    def of(line: str) -> Visit:
        began, ended, status = line.split()
        return Visit(float(began), float(ended), int(status))


def _look_on(visits: Iterator[Visit], seen: list[Visit], is_enough: Callable[[], bool]) -> None:
    while not is_enough():
        seen.append(next(visits))


_CLOSES = """
from pathlib import Path
from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.adapters.gateways.flag_stand_in import StandIn
from parom.adapters.services.listening import Address
root = Path("{root}")
MaintenanceFlag(root / ".env.maintenance", root / ".parom").put_up()
StandIn(Address("127.0.0.1", {port}), root / ".parom", None, 7).take_place()
"""
_VISITS = """
import http.client, sys, time
while True:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=120)
    try:
        connection.request("GET", "/")
        status = connection.getresponse().status
    except OSError:
        status = 0
    except http.client.HTTPException:
        status = 0
    connection.close()
    print(began, time.monotonic(), status, flush=True)
    time.sleep(0.02)
"""
