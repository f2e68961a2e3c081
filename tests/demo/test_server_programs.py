"""Which PostgreSQL a demonstration runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from parom.adapters.databases.postgresql import programs
from parom.cli.main import parom
from parom.demo import server_programs
from parom.demo.server_programs import Somebody, find_programs, somebody, within_reach
from parom.errors import ParomError

_ME = Somebody(os.geteuid(), os.getegid())
_OTHER = Somebody(os.geteuid() + 1, os.getegid() + 1)


@pytest.fixture(autouse=True)
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without PostgreSQL, and an environment without the wheel."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(programs, "_USUAL", (str(tmp_path / "usual" / "*"),))
    monkeypatch.setattr(server_programs, "_WHEEL", "a_wheel_that_nobody_has")


def write_programs(folder: Path, version: str, *missing: str) -> Path:
    folder.mkdir(parents=True)
    for name in {"postgres", "initdb", "pg_dump", "pg_restore"} - {*missing}:
        file = folder / name
        file.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n", "utf-8")
        file.chmod(0o755)
    return folder


def write_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    wheel = tmp_path / "wheels" / "a_wheel"
    found = write_programs(wheel / "pginstall" / "bin", "18.6")
    (wheel / "__init__.py").touch()
    (tmp_path / "wheels" / "a_wheel.libs").mkdir()
    (tmp_path / "wheels" / "a_wheel.libs" / "libz.so").touch()
    monkeypatch.syspath_prepend(tmp_path / "wheels")
    monkeypatch.setattr(server_programs, "_WHEEL", "a_wheel")
    return found


def test_the_newest_that_is_whole_is_taken(tmp_path: Path) -> None:
    """A server without pg_dump cannot be backed up."""
    write_programs(tmp_path / "usual" / "15", "15.4")
    newest = write_programs(tmp_path / "usual" / "17", "17.2 (Debian 17.2-1)")
    write_programs(tmp_path / "usual" / "18", "18.0", "pg_dump")
    assert find_programs(_ME) == newest


def test_the_wheel_is_for_whoever_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh clone needs no root; a machine that has a server shows it on that one."""
    wheel = write_wheel(tmp_path, monkeypatch)
    assert find_programs(_ME) == wheel
    installed = write_programs(tmp_path / "path", "15.4")
    assert find_programs(_ME) == installed


def test_a_wheel_where_only_its_owner_may_go_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root's clone lies in root's home, and the server runs as somebody else."""
    tmp_path.chmod(0o700)
    wheel = write_wheel(tmp_path, monkeypatch)
    folder = tmp_path / "folder"
    copied = within_reach(wheel, _OTHER, folder)
    assert copied == folder / "a_wheel" / "pginstall" / "bin"
    assert os.access(copied / "postgres", os.X_OK)
    assert (folder / "a_wheel.libs" / "libz.so").exists()
    assert within_reach(wheel, _ME, folder) == wheel


@pytest.mark.parametrize("version", ["12.22", "9.6.1"])
def test_what_is_too_old_is_named(tmp_path: Path, version: str) -> None:
    """Who has one wonders otherwise why it is not found."""
    old = write_programs(tmp_path / "path", version)
    with pytest.raises(ParomError) as raised:
        find_programs(_ME)
    assert raised.value.id == "demo.no-postgresql"
    assert str(old) in raised.value.fact


def test_without_any_it_says_what_to_install_and_changes_nothing(tmp_path: Path) -> None:
    """The demonstration of before is still there to be looked at."""
    kept = tmp_path / "demo" / "summary.json"
    kept.parent.mkdir()
    kept.touch()
    asked = ["demo", "--database", "postgresql", "--folder", str(kept.parent)]
    ran = CliRunner().invoke(parom, asked)
    assert isinstance(ran.exception, ParomError)
    assert ran.exception.id == "demo.no-postgresql"
    assert "apt install postgresql" in ran.exception.cure
    assert kept.exists()


def test_an_unknown_database_is_refused() -> None:
    """A word that is not understood must not start the default."""
    ran = CliRunner().invoke(parom, ["demo", "--database", "oracle"])
    assert ran.exit_code == 2


def test_a_server_never_is_root() -> None:
    """PostgreSQL refuses that."""
    assert somebody().uid != 0
