"""An installation of the small project, with version 1 deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.ferry import Ferry, make_ferry, write_project

Start = Callable[..., Ferry]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Makes an installation with version 1 in production; `changes` are those of `make_ferry`."""
    made: list[Ferry] = []

    def begin(**changes: str) -> Ferry:
        ferry = make_ferry(tmp_path, **changes)
        made.append(ferry)
        write_project(ferry.source, 1)
        ran = ferry.parom("deploy")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        ferry.add_notes(20)
        return ferry

    yield begin
    for ferry in made:
        ferry.shut_down()
