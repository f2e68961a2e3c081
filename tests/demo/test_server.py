"""The PostgreSQL server that a demonstration has for itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from parom.birth import living, read_birth
from parom.demo.server import Server, end_left, running
from parom.demo.server_programs import find_programs, somebody
from parom.demo.tally import names_on_server

_KILLED = """
import sys
from pathlib import Path
from parom.demo.server import running
from parom.demo.server_programs import find_programs, somebody
with running(Path(sys.argv[1]), find_programs(somebody()), somebody()) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def open_top() -> Iterator[Path]:
    """A demonstration's folder that everybody may enter, as a clone's is."""
    with tempfile.TemporaryDirectory(prefix="parom-demo-test-") as name:
        top = Path(name)
        top.chmod(0o755)
        yield top


def asked(server: Server, statement: str) -> tuple[object, ...]:
    with psycopg.connect(server.url) as connection:
        return connection.execute(statement).fetchone() or ()


def process_of(top: Path) -> psutil.Process:
    found = living(read_birth(top / "postgresql.json"))
    assert found is not None
    return found


def fail_beside_it(top: Path, seen: list[psutil.Process]) -> None:
    user = somebody()
    with running(top, find_programs(user), user):
        seen.append(process_of(top))
        raise RuntimeError


def test_it_is_as_a_production_would_have_it(open_top: Path) -> None:
    """A demonstration on less would show less: the role is no superuser, and what is
    acknowledged is on disk. It ends, and its data stay to be looked at."""
    user = somebody()
    with running(open_top, find_programs(user), user) as server:
        role = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert asked(server, role) == (False, True)
        owns = "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database"
        assert asked(server, f"{owns} WHERE datname = current_database()") == (True,)
        assert asked(server, "SHOW fsync") == ("on",)
        assert asked(server, "SHOW listen_addresses") == ("127.0.0.1",)
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE vacancies_vacancy (external_id text, name text)")
            connection.execute("INSERT INTO vacancies_vacancy VALUES ('a', 'b')")
        assert names_on_server(server.url) == {"a": "b"}
        process = process_of(open_top)
        assert process.uids().effective == user.uid != 0
        password = server.url.partition("@")[0].rpartition(":")[2]
        assert password not in " ".join(process.cmdline())
    assert not process.is_running()
    assert (open_top / "postgresql" / "data" / "PG_VERSION").exists()
    assert not (open_top / "postgresql" / "password").exists()
    assert password not in (open_top / "postgresql.log").read_text("utf-8")


def test_it_ends_also_where_the_demonstration_fails(tmp_path: Path) -> None:
    """A server that goes on would keep its port and its memory for nothing."""
    seen: list[psutil.Process] = []
    with pytest.raises(RuntimeError):
        fail_beside_it(tmp_path, seen)
    assert not seen[0].is_running()
    assert not (tmp_path / "postgresql.json").exists()


def test_one_that_a_killed_demonstration_left_is_ended(tmp_path: Path) -> None:
    """Nobody is there to end it when the demonstration is killed: the next one does."""
    killed = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert killed.stdout is not None
    assert killed.stdout.readline().startswith(b"postgresql://")
    killed.kill()
    killed.communicate()
    process = process_of(tmp_path)
    folder = Path(json.loads((tmp_path / "postgresql.json").read_text("utf-8"))["folder"])
    end_left(tmp_path)
    assert not process.is_running()
    assert os.path.exists(folder) == folder.is_relative_to(tmp_path)  # noqa: PTH110
    end_left(tmp_path)  # nothing is left, and that is fine
