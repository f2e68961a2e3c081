"""20,000 applicants in pages of 30 at Huntflow's pace, killed once on the way; two minutes.

Run by `make -C hrhelper bench-sync`. The server counts, and refuses the ninth request of a second.
"""

import secrets

from tests.huntflow.installation import Installation
from tests.servers.huntflow import HuntflowServer

APPLICANTS, PER_SECOND, LIMIT_S = 20_000, 8, 900


def test_large_sync_keeps_the_pace_and_survives_a_kill(tmp_path):
    with HuntflowServer(applicants=APPLICANTS, vacancies=120).running() as server:
        server.limit = PER_SECOND
        installation = Installation(tmp_path, server, per_second=PER_SECOND).set_up()
        pages_before = secrets.choice(range(30, 200))
        process = installation.start("sync_huntflow")
        with server.stopping_after(pages_before):
            process.kill()
            process.communicate(timeout=LIMIT_S)
        process = installation.start("sync_huntflow")
        _out, problem = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, problem
        assert len(installation.mirror()["applicant"]) == APPLICANTS
        print(
            f"\nkilled after {pages_before} pages; {len(server.seen)} requests, at most "
            f"{server.most_in_a_second()} in a second, {server.refused_for_rate()} refused"
        )
        assert server.refused_for_rate() == 0
        assert server.most_in_a_second() <= PER_SECOND
