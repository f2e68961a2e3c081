"""A fresh project for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.databases.postgresql.server import Server, running
from tests.appside.postgresql import Shop
from tests.appside.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "release")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL for all tests of a worker."""
    with running() as one:
        yield one


@pytest.fixture
def shop(project: Project, server: Server) -> Iterator[Shop]:
    """The same project on PostgreSQL."""
    made = Shop(project, server)
    yield made
    made.forget()
