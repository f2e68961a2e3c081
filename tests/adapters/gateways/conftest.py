"""Every kind of gateway, in front of services of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.adapters.services.rig import Rig, make

Make = Callable[..., Rig]


@pytest.fixture
def rig_of(tmp_path: Path) -> Iterator[Make]:
    """Makes one of a kind, which is ended after the test."""
    made: list[Rig] = []

    def begin(kind: str, **more: object) -> Rig:
        made.append(make(kind, tmp_path, **more))
        return made[0]

    yield begin
    for rig in made:
        rig.shut_down()


@pytest.fixture(params=["embedded", "scripts", "memory"])
def rig(request: pytest.FixtureRequest, rig_of: Make) -> Rig:
    return rig_of(request.param)
