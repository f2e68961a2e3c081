"""What is special about services that the team's own scripts start."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from parom.adapters.services.processes import alive
from parom.errors import ParomError
from parom.facts import ServiceState
from tests.adapters.services.rig import START, STOP, Rig, make
from tests.support.ports import free_port
from tests.support.waiting import wait_until

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


def started_by_hand(rig: Rig) -> None:
    """As the team does, or cron after a reboot."""
    subprocess.run(["./start.sh"], cwd=rig.root, check=True)
    wait_until(lambda: rig.ask().status == 200, "the application answers")


def running_by_name(rig: Rig, name: str) -> psutil.Process | None:
    """The kernel's name of a process is that of the program it has become by now."""
    for one in rig.alive():
        with contextlib.suppress(psutil.NoSuchProcess):
            if one.name().startswith(name):
                return one
    return None


def test_the_background_starts_only_with_the_web_service(scripts: Rig) -> None:
    """What a worker writes before the opening is in the journal would be lost by a return."""
    scripts.services.start_background()
    assert scripts.alive() == []


def test_services_that_parom_did_not_start_are_found_and_stopped(scripts: Rig) -> None:
    """The first deployment meets what the team started."""
    started_by_hand(scripts)
    status = {one.name: one for one in scripts.services.status()}
    assert status["web"].state is ServiceState.RUNNING
    assert "worker.py" in status["background"].detail
    assert scripts.services.processes() == {one.pid for one in scripts.alive()}
    scripts.services.stop()
    assert scripts.alive() == []


def test_a_stop_script_that_does_nothing_is_no_proof(scripts: Rig) -> None:
    """Judged by processes and ports, never by an exit code."""
    started_by_hand(scripts)
    scripts.write_script("stop.sh", "#!/bin/sh\nexit 0\n")
    scripts.services.stop()
    assert scripts.alive() == []
    started_by_hand(scripts)
    (scripts.root / "stop.sh").unlink()
    scripts.services.stop()
    assert scripts.alive() == []


def test_a_start_script_is_judged_by_what_runs(scripts: Rig) -> None:
    """One that fails at its last line may have started all; one that succeeds, nothing."""
    text = (scripts.root / "start.sh").read_text()
    scripts.write_script("start.sh", text + "exit 3\n")
    scripts.gateway.open(None)
    scripts.services.start_web()
    assert scripts.ask().status == 200
    scripts.services.stop()
    scripts.write_script("start.sh", "#!/bin/sh\necho all is well\n")
    with pytest.raises(ParomError, match=r"nothing runs after the start script.*all is well"):
        scripts.services.start_web()


def test_a_start_script_that_stays_is_as_good_as_one_that_leaves(scripts: Rig) -> None:
    """`exec gunicorn` at its end is common."""
    text = (scripts.root / "start.sh").read_text().replace("nohup", "exec").replace(" &", "", 1)
    lines = text.splitlines()
    # The worker first, then the web service in place of the script.
    scripts.write_script("start.sh", "\n".join([*lines[:2], *lines[4:], lines[2]]) + "\n")
    scripts.gateway.open(None)
    scripts.services.start_web()
    assert scripts.ask().status == 200
    commands = [" ".join(one.cmdline()) for one in scripts.alive()]
    assert [one for one in commands if "worker.py" in one]
    scripts.services.stop()
    assert scripts.alive() == []


def test_a_person_and_a_command_that_is_waited_for_are_left_alone(scripts: Rig) -> None:
    """Ending a colleague's shell or the nightly import is not a stop of services."""
    started_by_hand(scripts)
    waited = subprocess.Popen(
        # A shell that waits, as cron's does.
        ["/bin/sh", "-c", f"{scripts.root}/.venv/bin/python -c 'input()'; true"],
        cwd=scripts.root,
        stdin=subprocess.PIPE,
    )
    shell = subprocess.Popen(["/bin/sh"], cwd=scripts.root, stdin=subprocess.PIPE)
    try:
        wait_until(lambda: bool(psutil.Process(waited.pid).children()), "the command runs")
        command = psutil.Process(waited.pid).children()[0]
        scripts.services.stop()
        assert scripts.ask().status == 0
        assert {one.pid for one in scripts.alive()} == {waited.pid, command.pid, shell.pid}
    finally:
        for one in (waited, shell):
            one.communicate(b"\n")


def test_what_a_service_left_behind_is_ended_with_it(scripts: Rig) -> None:
    """A worker's own child has lost its parent once the worker is gone."""
    scripts.write_worker(
        textwrap.dedent("""
            import os, subprocess, sys, threading
            subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"],
                             cwd="/", env={}, start_new_session=False)
            threading.Event().wait()
        """)
    )
    started_by_hand(scripts)
    worker = int((scripts.root / "worker.pid").read_text())
    wait_until(lambda: bool(psutil.Process(worker).children()), "the child runs")
    child = psutil.Process(worker).children()[0]
    scripts.services.stop()
    wait_until(lambda: not alive(child), "the child ended")
    assert scripts.alive() == []


def test_a_stranger_at_the_port_is_named_and_left_alone(scripts: Rig) -> None:
    """A wrong services.bind must not end another application."""
    stranger = subprocess.Popen(
        [sys.executable, "-m", "http.server", str(scripts.port), "--bind", "127.0.0.1"],
        cwd="/",
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: scripts.ask(method="HEAD").status == 200, "the stranger answers")
        web = scripts.services.status()[0]
        assert web.state is ServiceState.STOPPED
        assert f"pid {stranger.pid}" in web.detail
        scripts.services.stop()
        for asked in (scripts.services.check_address, scripts.services.start_web):
            with pytest.raises(ParomError, match=f"services.port-taken.*pid {stranger.pid}"):
                asked()
        assert stranger.poll() is None
    finally:
        stranger.terminate()
        stranger.wait()


def test_a_wrong_address_is_found_while_the_application_still_runs(scripts: Rig) -> None:
    """Found after the stop, it would have cost the public a deployment."""
    scripts.services.check_address()
    started_by_hand(scripts)
    scripts.services.check_address()
    scripts.port = free_port()
    scripts.anew()
    with pytest.raises(ParomError, match=r"services\.nobody-listens.*gunicorn"):
        scripts.services.check_address()


@pytest.fixture
def neighbour(tmp_path: Path) -> Iterator[Rig]:
    (tmp_path / "beside").mkdir()
    made = make("scripts", tmp_path / "beside")
    yield made
    made.shut_down()


def test_two_installations_of_one_user_do_not_see_each_other(scripts: Rig, neighbour: Rig) -> None:
    """Staging and production on one machine share the interpreter and the user."""
    started_by_hand(scripts)
    neighbour.start_all()
    assert not scripts.services.processes() & neighbour.services.processes()
    scripts.services.stop()
    assert neighbour.ask().status == 200
    neighbour.services.stop()
    assert neighbour.alive() == []


def test_half_of_a_start_is_ended_before_it_is_made_again(scripts: Rig) -> None:
    """A script that was killed half-way would start its worker twice."""
    lines = START.splitlines()
    subprocess.run(["/bin/sh", "-c", "\n".join(lines[4:])], cwd=scripts.root, check=True)
    # Before, it is `setsid`, which nobody would take for one of the installation's.
    wait_until(lambda: running_by_name(scripts, "python") is not None, "the worker runs")
    scripts.gateway.open(None)
    scripts.services.start_web()
    status = {one.name: one for one in scripts.services.status()}
    assert len(status["background"].pids) == 1


def test_an_old_stop_script_does_not_stop_what_is_started_next(scripts: Rig) -> None:
    """Its Parom was killed; it went on by itself."""
    scripts.write_script("stop.sh", "#!/bin/sh\ntouch asked\nexec sleep 60\n")
    engine = subprocess.Popen(
        [sys.executable, "-c", _ASKS_TO_STOP, str(scripts.root), str(scripts.port)],
        cwd=Path(__file__).parents[3],
    )
    wait_until((scripts.root / "asked").exists, "the stop script runs")
    engine.kill()
    engine.wait()
    wait_until(lambda: running_by_name(scripts, "sleep") is not None, "it sleeps")
    old = running_by_name(scripts, "sleep")
    assert old is not None
    scripts.write_script("stop.sh", STOP)
    scripts.gateway.open(None)
    scripts.services.start_web()
    wait_until(lambda: not alive(old), "the old script ended")
    assert scripts.ask().status == 200


_ASKS_TO_STOP = """
import sys
from pathlib import Path
from parom.adapters.services.listening import Address
from parom.adapters.services.scripts_installation import ScriptedInstallation
root = Path(sys.argv[1])
ScriptedInstallation(root, "", root / ".parom", Address("127.0.0.1", int(sys.argv[2])),
                     (), ("./stop.sh",), None, 60).ask_to_stop()
"""


def test_a_private_instance_of_a_killed_engine_is_found(scripts: Rig) -> None:
    """It holds the database open, and would hold up the next snapshot."""
    instance = scripts.services.start_private()
    os.kill(instance.pids[0], 0)
    scripts.anew()
    scripts.services.stop()
    assert scripts.alive() == []


def test_a_copy_of_an_installation_leaves_the_originals_services_alone(scripts: Rig) -> None:
    """`cp -a` takes the mark along by which Parom knows what it started."""
    scripts.gateway.open(None)
    scripts.services.start_web()
    before = scripts.services.processes()
    copy = scripts.copied()
    for name in ("web.pid", "worker.pid"):  # the team's own script would go by these
        (copy.root / name).unlink()
    assert not copy.services.processes()
    copy.services.stop()
    assert scripts.services.processes() == before
    assert scripts.ask().status == 200
