"""Several processes share one token and one pace, and a sync survives the death of its own."""

import random
import secrets
import threading

import psycopg
import pytest

from tests.huntflow.installation import LIMIT_S, Installation
from tests.servers.huntflow import HuntflowServer
from tests.servers.postgresql import postgresql
from tests.servers.process import wait_until

KILLS = 3
ASK = """
from logic.huntflow import api
with api.connect() as huntflow:
    for _ in range({times}):
        assert api.me(huntflow)["name"] == "Olga"
"""

REQUEST = "from apps.huntflow.syncs import request_sync; request_sync()"
STATE = "SELECT state FROM huntflow_syncjob"

# The pages of the large sync, by the database; on both kinds it is the same code.
APPLICANTS = {"sqlite": 20_000, "postgresql": 3_000}
# How often each of four processes asks, at 8 a second in all.
ASKED = {"sqlite": 15, "postgresql": 7}


@pytest.fixture(scope="module")
def cluster():
    with postgresql(secrets.token_urlsafe(12)) as running:
        yield running


@pytest.fixture(params=sorted(APPLICANTS))
def kind(request):
    return request.param


@pytest.fixture
def install(kind, request, tmp_path):
    """A function that sets an installation up, with a database of its own."""

    def installed(server, **more):
        name = f"installation_{secrets.token_hex(4)}"
        folder = tmp_path / name
        folder.mkdir()
        if kind == "postgresql":
            cluster = request.getfixturevalue("cluster")
            more["database_url"] = cluster.url.removesuffix("hrhelper") + name
            with psycopg.connect(cluster.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
        return Installation(folder, server, **more).set_up()

    return installed


@pytest.fixture
def server():
    with HuntflowServer(applicants=5, vacancies=2).running() as running:
        yield running


@pytest.fixture
def large(kind):
    with HuntflowServer(applicants=APPLICANTS[kind], vacancies=120).running() as running:
        yield running


def ask_in_processes(installation, processes, times):
    """Each process asks so often; all of them have been answered when this returns."""
    script = ASK.format(times=times)
    running = [installation.start("shell", "-v0", "-c", script) for _ in range(processes)]
    for one in running:
        _out, problem = one.communicate(timeout=LIMIT_S)
        assert one.returncode == 0, problem


def test_expired_token_is_renewed_exactly_once_by_many_processes(install, server):
    """All of them have met the expiry before the first one gets to know of it."""
    installation = install(server)
    server.expired, server.meeting = True, threading.Barrier(4, timeout=LIMIT_S)
    ask_in_processes(installation, processes=4, times=1)
    asked = [one.path for one in server.seen]
    assert asked.count("/v2/token/refresh") == len(server.renewals) == 1
    assert asked.count("/v2/me") == 8


def test_processes_keep_one_pace_together(install, server, kind):
    """Never more than 8 in a second, as Huntflow counts them: it refuses the ninth here."""
    installation = install(server, per_second=8)
    server.limit = 8
    ask_in_processes(installation, processes=4, times=ASKED[kind])
    assert len(server.seen) == 4 * ASKED[kind]
    assert server.refused_for_rate() == 0
    assert server.most_in_a_second() <= 8


def test_worker_does_the_sync_that_was_asked_for(install, server):
    """Without a broker, in its rounds; it ends when it is told to."""
    installation = install(server)
    installation.manage("shell", "-v0", "-c", REQUEST)
    worker = installation.start("run_worker")
    try:
        wait_until(lambda: installation.ask(STATE) == [("done",)], "the end of the sync")
    finally:
        worker.terminate()
        worker.communicate(timeout=LIMIT_S)
    assert worker.returncode == 0
    assert len(installation.mirror()["applicant"]) == 5


def test_killed_sync_ends_with_the_same_mirror(install, large, contract):
    """SIGKILL at random pages; afterwards once more, which changes nothing."""
    seed = secrets.randbelow(10**6)
    chance = random.Random(seed)  # noqa: S311 - where a kill falls, to be repeated by its seed
    whole, killed = install(large), install(large)
    whole.manage("sync_huntflow")
    pages, rows = large.pages_read, len(large.applicants)
    assert pages == -(-rows // 30)

    for _ in range(KILLS):
        pages_before = chance.randrange(3, pages // KILLS - 3)
        process = killed.start("sync_huntflow")
        with large.stopping_after(pages_before):
            process.kill()
            process.communicate(timeout=LIMIT_S)
        assert 0 < len(killed.mirror()["applicant"]) < rows, f"seed {seed}"
    killed.manage("sync_huntflow")
    assert killed.mirror() == whole.mirror(), f"seed {seed}"
    # Each kill costs at most the page that was under way.
    assert large.pages_read - pages <= pages + KILLS

    before = killed.ask("SELECT * FROM huntflow_applicant ORDER BY id")
    assert f"{rows + 124} seen, 0 changed, 0 removed" in killed.manage("sync_huntflow")
    assert killed.ask("SELECT * FROM huntflow_applicant ORDER BY id") == before
    assert contract is None or not [
        one for seen in large.seen[::50] for one in contract.violations(seen)
    ]
