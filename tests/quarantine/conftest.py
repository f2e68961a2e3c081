"""The journal is open before the test modules import its tables; scenes on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.adapters.databases.postgresql.server import Server
from tests.support import journal

if TYPE_CHECKING:
    from tests.quarantine.scene import Live, Scene

__all__ = ["journal"]

Make = Callable[..., "Scene"]
"""A scene of the lines that it is given."""


@pytest.fixture(scope="module")
def emptied(server: Server) -> Iterator[Server]:
    """With a database of the application that each scene begins by emptying."""
    server.make_app()
    yield server
    server.forget()


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    from tests.quarantine.scene import in_postgresql, in_sqlite, scene_with

    def live() -> Live:
        if request.param == "sqlite":
            return in_sqlite(tmp_path)
        return in_postgresql(request.getfixturevalue("emptied"))

    def made(*lines: Mapping[str, Any]) -> Scene:
        return scene_with(live(), tmp_path, *lines)

    return made
