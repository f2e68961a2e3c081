"""Which gunicorn a project has, and what may be said to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.inspect.found import Found
from parom.inspect.web_server import NEWEST, find_gunicorn, gunicorn_command


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("gunicorn==23.0.0", "23.0.0"),
        ("gunicorn ~= 25.1", "25.1"),
        ("Gunicorn[gevent]==27.0.1 \\", "27.0.1"),
        ("gunicorn", NEWEST),
        ("gunicorn>=20  # the web server", NEWEST),
        ("gunicorn<24", ""),
        ("gunicorn-extras==1", None),
        ("# gunicorn==23", None),
    ],
)
def test_version_of_a_requirements_file(tmp_path: Path, line: str, version: str | None) -> None:
    """An argument that an old one does not know would keep it from starting."""
    (tmp_path / "requirements.txt").write_text(f"django==5.2\n{line}\n")
    found = find_gunicorn(tmp_path, Found("requirements.txt", "it exists"), None)
    assert (found.value if found else None) == version


def test_version_of_a_lock_and_of_an_environment(tmp_path: Path) -> None:
    """What is installed is known best."""
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "gunicorn"\nversion = "25.0.3"\n')
    lock = Found("uv.lock", "it exists")
    found = find_gunicorn(tmp_path, lock, None)
    assert found
    assert found.value == "25.0.3"
    (tmp_path / ".venv/lib/python3.12/site-packages/gunicorn-25.1.0.dist-info").mkdir(parents=True)
    found = find_gunicorn(tmp_path, lock, Found(".venv", "it holds pyvenv.cfg"))
    assert found
    assert found.value == "25.1.0"


@pytest.mark.parametrize(
    ("version", "quiet"), [("25.0.3", False), ("25.1.0", True), ("27", True), ("", False),
                           (NEWEST, True)],
)  # fmt: skip
def test_control_socket_is_switched_off_where_there_is_one(version: str, quiet: bool) -> None:
    """It lies in HOME, where all instances of a user would share it."""
    command = gunicorn_command("site.wsgi:application", version)
    assert ("--no-control-socket" in command) is quiet
    assert command[-1] == "site.wsgi:application"
