"""Functional checks are collected while the public is still served, where that changes nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.checks.ahead import watch_environment
from parom.checks.functional import FunctionalChecks
from parom.checks.result import CheckResult
from tests.checks.server import Server, status
from tests.support.waiting import PATIENCE_S, wait_until

URL = "http://127.0.0.1:1"
LOOKS = [
    "os.environ.get('PAROM_BASE_URL')",
    "os.getenv('PAROM_BASE_URL')",
    "os.environ.get('PAROM_BASE_URL', 'http://production')",
    "'PAROM_HEADERS_FILE' in os.environ",
    "os.environb.get(b'PAROM_BASE_URL', b'').decode()",
    "dict(os.environ).get('PAROM_BASE_URL')",
    "{k: v for k, v in os.environ.items() if k.startswith('PAROM_BASE')}.get('PAROM_BASE_URL')",
    "os.environ.copy().get('PAROM_BASE_URL')",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "checks"
    folder.mkdir()
    return folder


@pytest.fixture
def loaded(folder: Path) -> Iterator[FunctionalChecks]:
    checks = FunctionalChecks(folder, LocalHost())
    yield checks
    checks.abandon()


def run(checks: FunctionalChecks, url: str = URL) -> dict[str, CheckResult]:
    return {one.name.partition("::")[2]: one for one in checks.run(url, {}, 300)}


def imports(folder: Path) -> int:
    """How often the file of `counted` was imported."""
    file = folder / "imported"
    return len(file.read_text()) if file.exists() else 0


def counted(folder: Path, text: str) -> None:
    """A file of checks that writes down that it was imported."""
    noted = f"with open({str(folder / 'imported')!r}, 'a') as file:\n    file.write('.')\n"
    (folder / "test_it.py").write_text(noted + text)


def test_files_are_imported_before_anybody_says_where(
    folder: Path, loaded: FunctionalChecks
) -> None:
    """What they import may take seconds; once is enough."""
    counted(folder, f"def test_it(base_url): assert base_url == {URL!r}\n")
    loaded.load()
    loaded.wait_until_collected(PATIENCE_S)
    assert imports(folder) == 1
    assert run(loaded)["test_it"].passed
    assert imports(folder) == 1


@pytest.mark.parametrize("text", ["import os\nos._exit(0)\n", "def ("])
def test_what_cannot_be_collected_is_not_waited_for(
    text: str, folder: Path, loaded: FunctionalChecks
) -> None:
    """What is wrong with it is told when it is to run."""
    (folder / "test_it.py").write_text(text)
    loaded.load()
    waiting = threading.Thread(target=loaded.wait_until_collected, args=(1e6,), daemon=True)
    waiting.start()
    wait_until(lambda: not waiting.is_alive(), "nobody waits for it")
    assert not any(one.passed for one in run(loaded).values())


def test_what_takes_long_to_import_is_waited_for_no_longer_than_asked(
    folder: Path, loaded: FunctionalChecks
) -> None:
    goes = folder / "goes"
    (folder / "test_it.py").write_text(
        "import os, threading\n"
        f"while not os.path.exists({str(goes)!r}): threading.Event().wait(0.01)\n"
        "def test_it(): pass\n"
    )
    loaded.load()
    loaded.wait_until_collected(0.1)
    goes.touch()
    assert run(loaded)["test_it"].passed


def test_a_file_that_looks_where_it_is_to_ask_sees_it(
    folder: Path, loaded: FunctionalChecks
) -> None:
    """A check of another address than the release's would be evidence of nothing."""
    looks = "os.environ.get('PAROM_BASE_URL', 'http://production')"
    counted(folder, f"import os\nURL = {looks}\ndef test_it(): assert URL == {URL!r}\n")
    loaded.load()
    wait_until(lambda: imports(folder) == 1, "the file is imported")
    assert run(loaded)["test_it"].passed
    assert imports(folder) == 1


@pytest.fixture
def noticed() -> Iterator[list[None]]:
    """One for each look at this process's environment that is noticed."""
    found: list[None] = []
    kinds = type(os.environ), type(os.environb)
    watch_environment(lambda: found.append(None))
    yield found
    watch_environment(None)
    os.environ.__class__, os.environb.__class__ = kinds


@pytest.mark.parametrize("looks", LOOKS)
def test_every_way_to_look_is_noticed(looks: str, noticed: list[None]) -> None:
    eval(looks)  # noqa: S307 - of the list above
    assert noticed


@pytest.mark.parametrize("looks", ["os.environ.get('HOME')", "'PATH' in os.environ"])
def test_what_was_known_all_along_may_be_looked_up(looks: str, noticed: list[None]) -> None:
    eval(looks)  # noqa: S307 - as above
    assert not noticed


def test_a_hook_that_looks_where_it_is_to_ask_sees_it(
    folder: Path, loaded: FunctionalChecks
) -> None:
    """Checks can be made of what it finds there."""
    (folder / "conftest.py").write_text(
        "import os\n"
        "def pytest_generate_tests(metafunc):\n"
        "    metafunc.parametrize('url', [os.environ.get('PAROM_BASE_URL', 'nobody')])\n"
    )
    (folder / "test_it.py").write_text(f"def test_it(url): assert url == {URL!r}\n")
    loaded.load()
    (result,) = run(loaded).values()
    assert result.passed, result


def test_nobody_is_asked_anything_ahead(
    folder: Path, loaded: FunctionalChecks, server: Server
) -> None:
    """What answers then is the old release, or none yet."""
    counted(
        folder,
        "import urllib.request\n"
        f"STATUS = urllib.request.urlopen('{server.url}/notes/').status\n"
        "def test_it(): assert STATUS == 200\n",
    )
    loaded.load()
    wait_until(lambda: imports(folder) == 1, "the file is imported")
    server.answers["/notes/"] = status(200)  # only now: before, it would have been a 404
    assert run(loaded, server.url)["test_it"].passed
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "speaks",
    [
        "subprocess.run(SAYS, check=True)",
        "threading.Thread(target=subprocess.run, args=(SAYS,)).start()",
        "os.system(shlex.join(SAYS))",
        "if os.fork() == 0: os.execvp(SAYS[0], SAYS)",
    ],
)
def test_nobody_is_spoken_to_ahead(speaks: str, folder: Path, loaded: FunctionalChecks) -> None:
    """What it starts is told where, like all that is started later."""
    spoken = folder / "spoken"
    says = ["sh", "-c", f"printenv PAROM_BASE_URL > {spoken}.part; mv {spoken}.part {spoken}"]
    counted(
        folder,
        f"import os, shlex, subprocess, threading\nSAYS = {says!r}\n{speaks}\n"
        "def test_it():\n"
        f"    while not os.path.exists({str(spoken)!r}): threading.Event().wait(0.01)\n",
    )
    loaded.load()
    wait_until(lambda: imports(folder) == 1, "the file is imported")
    assert run(loaded)["test_it"].passed
    assert spoken.read_text() == f"{URL}\n"


def test_whoever_is_not_wanted_any_more_runs_nothing(
    folder: Path, loaded: FunctionalChecks
) -> None:
    ran = folder / "ran"
    counted(folder, f"def test_it(): open({str(ran)!r}, 'w').close()\n")
    loaded.load()
    wait_until(lambda: imports(folder) == 1, "the file is imported")
    loaded.abandon()
    assert not ran.exists()
