"""Environments made by the real uv from a wheel made here; no network."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.build import environment as building
from parom.build.environment import BuiltEnvironment, build_environment
from parom.errors import ParomError

LOCK = """\
version = 1
requires-python = ">=3.8"

[[package]]
name = "project"
version = "1"
source = {{ virtual = "." }}
dependencies = [{{ name = "ferry" }}]

[package.metadata]
requires-dist = [{{ name = "ferry" }}]

[[package]]
name = "ferry"
version = "1.0"
source = {{ registry = "{links}" }}
wheels = [{{ path = "{wheel}", hash = "sha256:{sha}" }}]
"""
PROJECT = '[project]\nname = "project"\nversion = "1"\nrequires-python = ">=3.8"\n'


@pytest.fixture(autouse=True)
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels instead of an index."""
    links = tmp_path / "links"
    links.mkdir()
    with zipfile.ZipFile(links / "ferry-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("ferry/__init__.py", "CARRIES = True\n")
        wheel.writestr(
            "ferry-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: ferry\nVersion: 1.0\n"
        )
        wheel.writestr(
            "ferry-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr("ferry-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(links))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    return links


@pytest.fixture
def release(tmp_path: Path) -> Path:
    release = tmp_path / "releases" / "one"
    release.mkdir(parents=True)
    return release


def build(release: Path, dependencies: str, python: str = sys.executable) -> BuiltEnvironment:
    return build_environment(
        release,
        python=python,
        dependencies=dependencies,
        host=LocalHost(),
        log=release.parent / "build.log",
    )


def imports_ferry(release: Path) -> bool:
    python = release / ".venv" / "bin" / "python"
    return (
        subprocess.run([python, "-c", "import ferry"], check=False, capture_output=True).returncode
        == 0
    )


def wheel_hash(links: Path) -> str:
    return hashlib.sha256((links / "ferry-1.0-py3-none-any.whl").read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["requirements.txt", "hashed", "pyproject.toml", "uv.lock"])
def test_each_kind_of_dependencies_is_installed(release: Path, links: Path, kind: str) -> None:
    """Whatever a team writes its dependencies in."""
    name = kind
    if kind == "requirements.txt":
        (release / name).write_text("ferry==1.0\n")
    elif kind == "hashed":
        name = "backend/requirements.lock"
        (release / "backend").mkdir()
        (release / name).write_text(f"ferry==1.0 --hash=sha256:{wheel_hash(links)}\n")
    elif kind == "pyproject.toml":
        (release / name).write_text(PROJECT + 'dependencies = ["ferry"]\n')
    else:
        (release / "pyproject.toml").write_text(PROJECT + 'dependencies = ["ferry"]\n')
        wheel = "ferry-1.0-py3-none-any.whl"
        (release / name).write_text(LOCK.format(links=links, wheel=wheel, sha=wheel_hash(links)))
    built = build(release, name)
    assert imports_ferry(release)
    assert built.managed
    assert built.python_version == ".".join(str(part) for part in sys.version_info[:3])
    compiled = (release / ".venv").glob("lib/*/site-packages/ferry/__pycache__/*.pyc")
    assert list(compiled)


def test_a_finished_environment_is_not_built_again(release: Path) -> None:
    """A resumed preparation goes on where it was; other dependencies are built anew."""
    (release / "requirements.txt").write_text("ferry\n")
    first = build(release, "requirements.txt")
    note = release / ".venv" / "note"
    note.write_text("still the same")
    assert build(release, "requirements.txt") == first
    assert note.exists()
    (release / "requirements.txt").write_text("ferry>=1\n")
    build(release, "requirements.txt")
    assert not note.exists()


def test_an_unfinished_environment_is_cleared(release: Path) -> None:
    """A killed installer leaves packages that look installed."""
    (release / "requirements.txt").write_text("ferry\n")
    build(release, "requirements.txt")
    (release / ".venv" / ".parom-environment.json").unlink()
    for module in (release / ".venv").glob("lib/*/site-packages/ferry/__init__.py"):
        module.unlink()
        (module.parent / "__init__.py").write_text("raise ImportError")
    build(release, "requirements.txt")
    assert imports_ferry(release)


def test_no_two_installers_work_in_one_environment(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed Parom's installer goes on for a while."""
    monkeypatch.setattr(building, "_STRAY_LIMIT_S", 0)
    (release / "requirements.txt").write_text("ferry\n")
    (release / ".venv").mkdir()
    with (release / ".venv" / ".lock").open("w") as stray:
        fcntl.flock(stray, fcntl.LOCK_EX)
        with pytest.raises(ParomError, match=r"build\.still-building") as caught:
            build(release, "requirements.txt")
    assert caught.value.can_retry
    build(release, "requirements.txt")


def test_a_wrong_hash_is_no_dependency(release: Path) -> None:
    """What was not reviewed must not run; trying again would not help."""
    (release / "requirements.txt").write_text(f"ferry==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(ParomError, match=r"build\.dependency-failed") as caught:
        build(release, "requirements.txt")
    assert not caught.value.can_retry


def test_a_network_that_fails_can_be_retried_and_shows_no_password(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Private indexes have passwords in their URLs."""
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://someone:hunter2@127.0.0.1:1/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    (release / "requirements.txt").write_text("elsewhere\n")
    with pytest.raises(ParomError, match=r"build\.dependency-failed.*elsewhere") as caught:
        build(release, "requirements.txt")
    assert caught.value.can_retry
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in (release.parent / "build.log").read_text()


def test_a_missing_python_is_said_so(release: Path) -> None:
    """And nothing is downloaded behind anybody's back."""
    with pytest.raises(ParomError, match=r"build\.no-python.*3\.99"):
        build(release, "none", python="3.99")


def test_the_releases_own_wish_for_a_python_is_heard(release: Path) -> None:
    """`.python-version` is what the developers ran it with."""
    (release / ".python-version").write_text("# pinned\n3.98\n")
    with pytest.raises(ParomError, match=r"build\.no-python.*3\.98"):
        build(release, "none", python="")


@pytest.mark.parametrize("name", ["requirements.txt", "../outside.txt", "/no/such/environment"])
def test_missing_dependencies_are_said_so(release: Path, name: str) -> None:
    """A typing error must not become an empty environment."""
    (release.parent / "outside.txt").write_text("ferry\n")
    with pytest.raises(ParomError, match=r"build\.no-dependencies"):
        build(release, name)


def test_an_existing_environment_is_linked_and_called_unmanaged(
    release: Path, tmp_path: Path
) -> None:
    """Parom cannot take it back with the release, and says so."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "own"], check=True)
    built = build(release, str(tmp_path / "own"))
    assert not built.managed
    assert "does not manage" in built.how
    assert (release / ".venv").resolve() == tmp_path / "own"
    assert build(release, str(tmp_path / "own")) == built


def test_no_dependencies_still_gives_a_python(release: Path) -> None:
    """Every release is run by `.venv/bin/python`."""
    assert build(release, "none").how == "no dependencies"
    assert (release / ".venv" / "bin" / "python").exists()
