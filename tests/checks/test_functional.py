"""R-5.2: the team's own checks, in a real pytest against a real server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.checks.functional import run_functional
from parom.checks.result import CheckResult
from tests.checks.server import Server, status


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    folder = tmp_path / "release" / "checks"
    folder.mkdir(parents=True)
    return folder


def run(
    checks: Path, text: str, url: str = "http://127.0.0.1:1", limit_s: float = 300, key: str = "t"
) -> dict[str, CheckResult]:
    (checks / "test_it.py").write_text(text)
    headers = {"Authorization": f"Bearer {key}"}
    found = run_functional(checks, url, headers, LocalHost(), limit_s)
    return {one.name.removeprefix("test_it.py::"): one for one in found}


def test_checks_reach_the_release_with_the_headers(checks: Path, server: Server) -> None:
    """The fixture knows the address and the headers; a check knows neither."""
    server.answers["/notes/"] = status(200)
    text = "def test_notes(api):\n    assert api.get('/notes/').status_code == 200\n"
    results = run(checks, text, server.url)
    assert results["test_notes"].passed
    assert results["test_notes"].seconds > 0
    assert server.seen[0][1]["Authorization"] == "Bearer t"


def test_what_is_loaded_ahead_is_no_result_and_in_nobody_s_way(checks: Path) -> None:
    """Loading means that pytest ran before: the team's checks must not notice."""
    results = run(
        checks,
        "import os, sys\n"
        "def test_it(pytestconfig):\n"
        "    assert len(sys.path) == len(set(sys.path))\n"
        "    assert str(pytestconfig.rootpath) == os.getcwd()\n",
    )
    assert {name: one.detail for name, one in results.items()} == {"test_it": ""}


def test_each_test_has_a_result_of_its_own(checks: Path) -> None:
    """Skipped is missing evidence, which is never good (R-13.4)."""
    results = run(
        checks,
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert 1 == 2, 'differs'\n"
        "@pytest.mark.skip(reason='not today')\n"
        "def test_skipped(): pass\n"
        "@pytest.fixture\n"
        "def broken():\n    yield\n    raise RuntimeError('left behind')\n"
        "def test_dirty(broken): pass\n",
    )
    assert {name: one.passed for name, one in results.items()} == {
        "test_good": True,
        "test_bad": False,
        "test_skipped": False,
        "test_dirty": False,
    }
    assert "differs" in results["test_bad"].detail
    assert "not today" in results["test_skipped"].detail
    assert "left behind" in results["test_dirty"].detail


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("pytest.exit('enough', returncode=0)", set()),
        ("pytest.exit('enough')", set()),
        ("os._exit(0)", set()),
        ("os.kill(os.getpid(), 9)", set()),
        ("threading.Event().wait()", {"functional checks"}),
    ],
)
def test_what_a_run_did_not_get_to_is_missing(checks: Path, end: str, told: set[str]) -> None:
    """A run cut short has passed nothing that it did not run, whatever its exit code."""
    results = run(
        checks,
        "import os, pytest, threading\n"
        f"def test_1(): pass\ndef test_2(): {end}\ndef test_3(): pass\n",
        limit_s=20 if told else 300,
    )
    assert {name for name, one in results.items() if one.passed} == {"test_1"}
    assert {"test_2", "test_3"} | told == set(results) - {"test_1"}
    assert "no result" in results["test_3"].detail


@pytest.mark.parametrize("text", ["", "def helper(): pass\n", "import not_installed\n", "def ("])
def test_no_test_collected_is_a_failure(checks: Path, text: str) -> None:
    """A renamed folder must not pass for a green run."""
    results = run(checks, text)
    assert results
    assert not any(one.passed for one in results.values())


def test_a_broken_file_beside_good_ones_is_a_failure(checks: Path) -> None:
    """pytest runs nothing then, and that must show."""
    (checks / "test_broken.py").write_text("import not_installed\n")
    results = run(checks, "def test_good(): pass\n")
    assert "not_installed" in results["test_broken.py"].detail
    assert not any(one.passed for one in results.values())


def test_a_folder_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """The configuration names it, so it is evidence that is missing."""
    (result,) = run_functional(tmp_path / "absent", "http://127.0.0.1:1", {}, LocalHost(), 300)
    assert not result.passed
    assert "absent" in result.detail


def test_one_file_can_be_named_instead_of_a_folder(checks: Path) -> None:
    """A small team has a single file of checks."""
    (checks / "test_one.py").write_text("def test_a(): pass\n")
    (checks / "test_two.py").write_text("def test_b(): pass\n")
    found = run_functional(checks / "test_one.py", "http://x", {}, LocalHost(), 300)
    assert [one.name for one in found] == ["test_one.py::test_a"]


def test_the_release_s_own_pytest_settings_have_no_say(checks: Path) -> None:
    """They are for its unit tests, with its environment: plugins, Django, a database."""
    (checks.parent / "conftest.py").write_text("import not_installed\n")
    for name in ("pytest.ini", "checks/pytest.ini"):
        (checks.parent / name).write_text("[pytest]\naddopts = --no-such-option\n")
    (checks / "conftest.py").write_text("import pytest\n@pytest.fixture\ndef near(): return 1\n")
    assert run(checks, "def test_near(near): assert near == 1\n")["test_near"].passed


def test_the_release_s_tree_stays_as_it_is(checks: Path) -> None:
    """Releases are immutable: no caches, no byte code."""
    run(checks, "def test_good(): pass\n")
    assert [one.name for one in checks.parent.rglob("*")] == ["checks", "test_it.py"]


def test_secrets_are_neither_in_arguments_environment_nor_results(checks: Path) -> None:
    """R-10.3: `ps` shows arguments to everybody, and a failed assertion quotes what it likes."""
    results = run(
        checks,
        "import os, sys\nfrom pathlib import Path\n"
        "def test_hidden():\n"
        "    assert b'hush' not in Path('/proc/self/cmdline').read_bytes()\n"
        "    assert 'hush' not in str(dict(os.environ))\n"
        "    assert Path(os.environ['PAROM_HEADERS_FILE']).stat().st_mode & 0o077 == 0\n"
        "def test_quoting(api):\n    assert api.headers['Authorization'] == ''\n",
        key="hush-hush",
    )
    assert results["test_hidden"].passed
    assert not results["test_quoting"].passed
    assert "hush" not in str(results)


def test_the_plugin_costs_nothing_where_it_is_not_used() -> None:
    """It is loaded into every pytest that runs in Parom's environment."""
    ran = LocalHost().run(
        [sys.executable, "-c", "import sys, parom.checks.plugin; print('httpx' in sys.modules)"]
    )
    assert ran.stdout.strip() == "False"
