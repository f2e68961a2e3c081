"""One installation with version 1 for every wrong input: after each it is what it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ferry import Ferry, make_ferry, write_project


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ferry]:
    ferry = make_ferry(tmp_path_factory.mktemp("installed"), worker="")
    try:
        write_project(ferry.source, 1)
        ran = ferry.parom("deploy")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        ferry.add_notes(5)
        yield ferry
    finally:
        ferry.shut_down()


@pytest.fixture
def own_config(installed: Ferry) -> Path:
    """A configuration beside the installation's, so that relative paths mean the same."""
    config = installed.top / "own.toml"
    if config.is_dir():
        config.rmdir()
    config.unlink(missing_ok=True)
    config.write_bytes(installed.config.read_bytes())
    return config
