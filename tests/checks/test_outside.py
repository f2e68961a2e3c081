"""Functional checks are loaded while the public is served, and nothing of them runs before."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.checks.functional import FunctionalChecks
from parom.checks.outside import import_ahead, outside_imports
from tests.support.waiting import PATIENCE_S, wait_until

URL = "http://127.0.0.1:1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "release" / "checks"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def loaded(folder: Path) -> Iterator[FunctionalChecks]:
    checks = FunctionalChecks(folder, LocalHost())
    checks.load()
    yield checks
    checks.abandon()


def test_modules_from_outside_are_found_in_all_files(folder: Path) -> None:
    (folder / "conftest.py").write_text("import json, csv as table\nfrom email.mime import text\n")
    (folder / "below").mkdir()
    (folder / "below" / "test_it.py").write_text("import json\nimport wave\nx = 1\nimport uuid\n")
    assert set(outside_imports(folder)) == {"json", "csv", "email.mime", "wave", "uuid"}
    assert outside_imports(folder / "below" / "test_it.py") == ("json", "wave", "uuid")


def test_what_lies_beside_a_check_is_its_own(folder: Path) -> None:
    """Another module of that name must not be there before it."""
    (folder / "helpers").mkdir()
    (folder / "helpers" / "money.py").write_text("")
    (folder / "wave.py").write_text("")
    (folder.parent / "csv").mkdir()
    (folder.parent.parent / "json.py").write_text("")
    (folder / "test_it.py").write_text(
        "import csv, json, helpers.money, money, wave, checks.wave, release\nfrom . import wave\n"
        "from helpers import money\nimport uuid\n"
    )
    assert outside_imports(folder) == ("uuid",)


@pytest.mark.parametrize(
    "text",
    [
        "def (",
        "\0",
        "try:\n    import wave\nexcept ImportError: pass\n",
        "def test_it():\n    import wave\n",
        "import pytest, wave\npytest.register_assert_rewrite('wave')\n",
    ],
)
def test_what_has_a_reason_to_be_imported_later_is(text: str, folder: Path) -> None:
    (folder / "test_it.py").write_text(text)
    assert outside_imports(folder) == ()


def test_they_are_imported_and_what_fails_is_left_to_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    names = {"parom_fine": "", "parom_fails": "1 / 0", "parom_ends": "raise SystemExit(3)"}
    for name, text in names.items():
        (tmp_path / f"{name}.py").write_text(text)
    import_ahead([*reversed(names), "parom_absent"])
    assert {name for name in names if name in sys.modules} == {"parom_fine"}
    del sys.modules["parom_fine"]


def test_no_line_of_a_check_runs_before_it_is_told_where(folder: Path) -> None:
    """What it kept at import would be of the old release."""
    ran = folder / "ran"
    (folder / "test_it.py").write_text(
        f"import os, pathlib\npathlib.Path({str(ran)!r}).touch()\n"
        "URL = os.environ['PAROM_BASE_URL']\n"
        f"def test_it(): assert URL == {URL!r}\n"
    )
    checks = FunctionalChecks(folder, LocalHost())
    checks.load()
    checks.wait_until_loaded(PATIENCE_S)
    assert not ran.exists()
    (result,) = checks.run(URL, {}, 300)
    assert result.passed, result


def test_one_that_ends_while_it_loads_is_not_waited_for(tmp_path: Path) -> None:
    """What is wrong with it is told when it is to run."""
    checks = FunctionalChecks(tmp_path / "absent" / "checks", LocalHost())
    checks.load()
    waiting = threading.Thread(target=checks.wait_until_loaded, args=(1e6,), daemon=True)
    waiting.start()
    wait_until(lambda: not waiting.is_alive(), "nobody waits for it")
    assert not any(one.passed for one in checks.run(URL, {}, 300))


def test_it_is_waited_for_no_longer_than_asked(folder: Path, loaded: FunctionalChecks) -> None:
    (folder / "test_it.py").write_text("def test_it(): pass\n")
    loaded.wait_until_loaded(0)
    (result,) = loaded.run(URL, {}, 300)
    assert result.passed
