"""What is special about the embedded supervisor."""

from __future__ import annotations

import json
import socket

import psutil
import pytest

from parom.adapters.services.processes import alive
from parom.errors import ParomError
from tests.adapters.services.rig import Rig
from tests.support.waiting import wait_until

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
    assert not [pid for pid in orphans if _lives(pid)]


def test_a_port_that_is_taken_names_who_has_it(embedded: Rig) -> None:
    """A wrong services.bind, or the old way of running still at work."""
    with (
        socket.create_server(("127.0.0.1", embedded.port)),
        pytest.raises(ParomError, match=r"services\.port-taken.*pid \d+"),
    ):
        embedded.gateway.close()


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
