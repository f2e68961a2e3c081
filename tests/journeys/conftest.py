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
        made.append(make_ferry(tmp_path, **changes))
        return with_version_1(made[0])

    yield begin
    for ferry in made:
        ferry.shut_down()


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    """An installation that has only a configuration."""
    made = make_ferry(tmp_path)
    try:
        yield made
    finally:
        made.shut_down()


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ferry]:
    """One installation with version 1 for all tests after which it is what it was before."""
    ferry = make_ferry(tmp_path_factory.mktemp("unchanged"))
    try:
        yield with_version_1(ferry)
    finally:
        ferry.shut_down()


def with_version_1(ferry: Ferry) -> Ferry:
    write_project(ferry.source, 1)
    ran = ferry.parom("deploy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ferry.add_notes(20)
    return ferry
