"""Every kind of services, each in an empty folder, ended after the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.services.rig import Rig, make


@pytest.fixture(params=["embedded", "scripts", "memory"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    made = make(request.param, tmp_path)
    yield made
    made.shut_down()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Rig]:
    made = make("embedded", tmp_path)
    yield made
    made.shut_down()


@pytest.fixture
def scripts(tmp_path: Path) -> Iterator[Rig]:
    made = make("scripts", tmp_path)
    yield made
    made.shut_down()
