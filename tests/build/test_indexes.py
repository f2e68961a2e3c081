"""pip's settings handed to uv."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.build.indexes import package_environment

CONFIGURED = """\
[global]
index-url = https://pip.example/simple
extra-index-url =
    https://one.example/simple
    https://two.example/simple
find-links = /srv/wheels
[install]
trusted-host = pip.example
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text(CONFIGURED)
    return tmp_path


def test_what_pip_knows_uv_is_told(home: Path) -> None:
    """Most machines behind a mirror only have pip's configuration."""
    found = package_environment({"https_proxy": "http://proxy.example:3128"}, home)
    assert found["UV_DEFAULT_INDEX"] == "https://pip.example/simple"
    assert found["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert found["UV_FIND_LINKS"] == "/srv/wheels"
    assert found["UV_INSECURE_HOST"] == "pip.example"
    assert found["https_proxy"] == "http://proxy.example:3128"


def test_variables_win_over_files(home: Path) -> None:
    """As they do in pip."""
    found = package_environment({"PIP_INDEX_URL": "https://other.example/simple"}, home)
    assert found["UV_DEFAULT_INDEX"] == "https://other.example/simple"


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_NO_INDEX"])
def test_what_uv_was_told_itself_wins(home: Path, variable: str) -> None:
    """A mixture of both would be nobody's intention."""
    assert package_environment({variable: "1"}, home) == {}
    (home / ".config" / "uv").mkdir()
    (home / ".config" / "uv" / "uv.toml").write_text("")
    assert package_environment({}, home) == {}


def test_pip_settings_can_be_switched_off(home: Path) -> None:
    """PIP_CONFIG_FILE=/dev/null is pip's own switch."""
    assert "UV_DEFAULT_INDEX" not in package_environment({"PIP_CONFIG_FILE": "/dev/null"}, home)
