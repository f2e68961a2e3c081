"""In which order the files of tests are handed out, what hypothesis takes its time for, and servers
of PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.adapters.databases.mariadb.server import Server as MariaDBServer
    from tests.adapters.databases.postgresql.server import Server

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("any machine")

_HERE = Path(__file__).parent
_LONG = ("docs", "journeys", "recovery")
"""Whole deployments: handed out last, one of them would keep the others waiting at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(_HERE).parts[0]
    return _LONG.index(folder) if folder in _LONG else len(_LONG)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDBServer]:
    """One for all tests of a worker; they are skipped where it is not installed."""
    from tests.adapters.databases.mariadb.server import running

    with running() as one:
        yield one


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One for all tests of a worker."""
    from tests.adapters.databases.postgresql.server import running

    with running() as one:
        yield one
