"""start_services.sh and stop_services.sh: what they say is what happens."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.releases.conftest import Release, free_port, status_of, wait_until

SERVICES = ("web", "worker", "scheduler")


class Installation:
    """A release in a folder of its own, as on a small server."""

    def __init__(self, release, port):
        self.release, self.port = release, port
        self.run_folder = release.tree / "run"

    def start(self):
        self.release.run("./start_services.sh")

    def stop(self):
        self.release.run("./stop_services.sh")

    def pid(self, name):
        return int((self.run_folder / f"{name}.pid").read_text("ascii"))

    def pids(self):
        return {name: self.pid(name) for name in SERVICES}

    def answer(self):
        return status_of(self.port, "/readyz")

    def wait_for_answer(self):
        wait_until(lambda: self.answer() == 200, "an answer of the web service")


@pytest.fixture
def installation(release_on, trees, database, tmp_path):
    tree = tmp_path / "installation"
    shutil.copytree(trees["r2"], tree)
    port = free_port()
    variables = release_on(
        "r2", HRHELPER_BIND=f"127.0.0.1:{port}", HRHELPER_WORKERS="1", HOME=str(tmp_path)
    ).variables
    database("r2")
    made = Installation(Release(tree, variables), port)
    yield made
    made.stop()


def is_running(pid):
    """A process that ended and waits for its parent to look does not run."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for_the_end_of(*pids):
    """A service gives its lock back, which the script waits for, a moment before it has ended."""
    wait_until(lambda: not any(is_running(pid) for pid in pids), "the end of the services")


@pytest.fixture
def stranger():
    """A process that has nothing to do with HR Helper."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def test_start_starts_all_three_and_stop_ends_them(installation, tmp_path):
    """The port answers in between, and nothing is left afterwards."""
    installation.start()
    installation.wait_for_answer()
    pids = installation.pids()
    assert all(is_running(pid) for pid in pids.values())
    assert not list(tmp_path.rglob("gunicorn.ctl"))
    installation.stop()
    wait_for_the_end_of(*pids.values())
    assert installation.answer() is None
    assert not list(installation.run_folder.glob("*.pid"))


def test_second_start_changes_nothing(installation):
    """An impatient second call must not give two workers on one database."""
    installation.start()
    pids = installation.pids()
    installation.start()
    assert installation.pids() == pids
    installation.wait_for_answer()
    assert installation.pids() == pids


def test_two_starts_at_once_start_once(installation):
    """Cron and a person, at the same second."""
    command, where = ["./start_services.sh"], installation.release
    both = [
        subprocess.Popen(command, cwd=where.tree, env=where.environment, start_new_session=True)
        for _ in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]
    installation.wait_for_answer()
    assert all(is_running(pid) for pid in installation.pids().values())


def test_stale_pid_file_neither_hinders_the_start_nor_hits_a_stranger(installation, stranger):
    """After a power cut the pid may belong to anybody."""
    installation.run_folder.mkdir()
    for name in SERVICES:
        (installation.run_folder / f"{name}.pid").write_text(f"{stranger.pid}\n", "ascii")
    installation.stop()
    assert stranger.poll() is None
    for name in SERVICES:
        (installation.run_folder / f"{name}.pid").write_text(f"{stranger.pid}\n", "ascii")
    installation.start()
    installation.wait_for_answer()
    assert stranger.pid not in installation.pids().values()
    installation.stop()
    assert stranger.poll() is None


def test_service_that_died_is_started_again_alone(installation):
    """The others go on undisturbed."""
    installation.start()
    before = installation.pids()
    os.kill(before["worker"], signal.SIGKILL)
    wait_until(lambda: not is_running(before["worker"]), "the worker's end")
    installation.start()
    after = installation.pids()
    assert after["worker"] != before["worker"]
    assert (after["web"], after["scheduler"]) == (before["web"], before["scheduler"])


def test_service_that_does_not_listen_is_ended_by_force(installation):
    """A stopped process cannot answer SIGTERM, and must not keep the deployment waiting."""
    installation.release.variables["HRHELPER_STOP_SECONDS"] = "1"
    installation.start()
    installation.wait_for_answer()
    pid = installation.pid("web")
    os.killpg(pid, signal.SIGSTOP)
    installation.stop()
    wait_for_the_end_of(pid)


def test_stop_without_a_start_is_nothing(installation):
    """Deployment scripts call it to be sure."""
    installation.stop()
    installation.stop()
