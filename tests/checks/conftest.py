"""A server for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.checks.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server().running() as server:
        yield server
