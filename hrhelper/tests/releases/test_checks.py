"""Each release passes the functional checks that it brings along, and keeps every row as it was."""

import sqlite3
import subprocess
import sys

import pytest

from tests.checks.running import run_checks
from tests.releases.conftest import free_port, status_of, wait_until


@pytest.fixture
def serve(tmp_path):
    """Serve a release with gunicorn, as in production; its address."""
    served = []

    def serving(release):
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", "1"]
        command += ["--bind", f"127.0.0.1:{port}", "config.wsgi"]
        with (tmp_path / "web.log").open("wb") as log:
            served.append(
                subprocess.Popen(
                    command, cwd=release.tree, env=release.environment, stdout=log, stderr=log
                )
            )
        wait_until(lambda: status_of(port, "/readyz") == 200, "an answer of the web service")
        return f"http://127.0.0.1:{port}"

    yield serving
    for process in served:
        process.terminate()
        process.wait()


def rows(path):
    """Every row of every table."""
    with sqlite3.connect(path) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        found = {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608
            for (name,) in tables.fetchall()
        }
    connection.close()
    return found


@pytest.mark.parametrize("name", ["r1", "r2", "r3"])
def test_release_passes_its_own_checks_and_keeps_its_rows(
    release_on, database, serve, tmp_path, name
):
    """Parom runs them while the public waits, and rolls back where one fails."""
    path = database("r1" if name == "r1" else "r2")
    release = release_on(name)
    release.manage("migrate", "-v0")
    headers = tmp_path / "headers"
    release.manage("ensure_api_token", "--username", "checks", "--file", str(headers))
    url = serve(release)
    before = rows(path)
    assert sum(map(len, before.values())) > 300
    status, told = run_checks(release.tree / "checks", url, headers)
    assert status == 0, told
    assert rows(path) == before
